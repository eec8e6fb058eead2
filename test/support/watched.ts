import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { ProcessorEnvironment } from './processor.ts'
import { untilTrue } from './until.ts'

const project = fileURLToPath(new URL('../../', import.meta.url))

/** `sluice run` that need never become ready: what it says, until it is ended. */
export type Watched = {
  readonly lines: readonly string[]
  readonly hasEnded: () => boolean
  /** Resolves with the first line that matches; rejects with the last lines where the process ended without one. */
  readonly untilSaid: (pattern: RegExp) => Promise<string>
  readonly end: () => Promise<void>
}

export const watchRun = (environment: ProcessorEnvironment, nodeOptions: readonly string[] = []): Watched => {
  const inherited = Object.entries(process.env).filter(
    ([name]) => name !== 'NODE_ENV' && !name.startsWith('SLUICE_'),
  )
  const child = spawn(process.execPath, ['--import', 'tsx', ...nodeOptions, 'src/main.ts', 'run'], {
    cwd: project,
    env: { ...Object.fromEntries(inherited), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines: string[] = []
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on('line', (line) => lines.push(line))
  let ended = false
  const closed = once(child, 'close').then(() => {
    ended = true
  })
  return {
    lines,
    hasEnded: () => ended,
    untilSaid: async (pattern) => {
      const said = (): string | undefined => lines.find((line) => pattern.test(line))
      await untilTrue(() => said() !== undefined || ended)
      const line = said()
      if (line === undefined) throw new Error(`never said ${pattern}:\n${lines.slice(-15).join('\n')}`)
      return line
    },
    end: async () => {
      if (!ended) child.kill('SIGKILL')
      await closed
    },
  }
}
