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
