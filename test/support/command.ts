import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { ProcessorEnvironment } from './processor.ts'

const project = fileURLToPath(new URL('../../', import.meta.url))

export type Ended = { readonly code: number | null; readonly out: string; readonly err: string }

/** A command of ours as a process of its own. */
export type RunningCommand = {
  readonly kill: (signal: NodeJS.Signals) => void
  readonly ended: Promise<Ended>
}

/** Starts the sources as they are, with the settings given and no others. */
export const startCommand = (args: readonly string[], environment: ProcessorEnvironment): RunningCommand => {
  const own = Object.entries(process.env).filter(
    ([name]) => name !== 'NODE_ENV' && !name.startsWith('SLUICE_'),
  )
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts', ...args], {
    cwd: project,
    env: { ...Object.fromEntries(own), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [out, err] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
  return {
    kill: (signal) => void child.kill(signal),
    ended: once(child, 'close').then(() => ({ code: child.exitCode, out, err })),
  }
}

export const runCommand = (args: readonly string[], environment: ProcessorEnvironment): Promise<Ended> =>
  startCommand(args, environment).ended
