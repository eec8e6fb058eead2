import { once } from 'node:events'
import type { ChildProcess } from 'node:child_process'

const living = new Set<ChildProcess>()

/** A process that must not outlive this one, however this one ends (short of kill -9). */
export const endsWithUs = (child: ChildProcess): void => {
  living.add(child)
  child.once('exit', () => living.delete(child))
}

process.on('exit', () => {
  for (const child of living) child.kill('SIGKILL')
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

/**
 * Rejects when the child ends, which it is to do only after it said what it had to say: to be raced with that.
 * Who does not race with it is not troubled by it.
 */
export const rejectsAtEnd = (child: ChildProcess, who: string): Promise<never> => {
  const ended = once(child, 'exit').then(([code, signal]: (number | string | null)[]): never => {
    throw new Error(`${who} ended (${signal ?? code})`)
  })
  ended.catch(() => undefined)
  return ended
}
