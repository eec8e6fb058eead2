import { spawn, type ChildProcess } from 'node:child_process'
import { SluiceError } from '../../errors.ts'

/** A process that we started, and so may end. */
export type Child = {
  readonly pid: number
  /** Never resolves: rejects when the process ends before it was told to. */
  readonly failed: Promise<never>
  readonly writeLine: (line: string) => void
  /** Ends its standard input. */
  readonly closeInput: () => void
  /** Asks it to end, insists after a while, and resolves when it has ended. */
  readonly stop: () => Promise<void>
  /** Whenever it ends from now on is fine. */
  readonly mayEnd: () => void
}

export type ChildOptions = {
  /** How messages call it. */
  readonly name: string
  readonly command: readonly [string, ...(readonly string[])]
  readonly environment: Readonly<Record<string, string | undefined>>
  /** File descriptor of its log. */
  readonly log: number
  /** What it says on standard output, line by line; without it that goes to the log. */
  readonly onLine?: (line: string) => void
  /** The end of its log, for the message of a failure. */
  readonly logTail: () => string
  /** How long it may take to end when asked to. */
  readonly graceMs: number
  readonly askToEnd: 'SIGTERM' | 'end of input'
}

const inLines = (onLine: (line: string) => void): ((text: string) => void) => {
  let rest = ''
  return (text) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) onLine(line)
  }
}

const endOf = (child: ChildProcess): Promise<string> =>
  new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve(signal === null ? `exit code ${code}` : signal))
    child.once('error', (error) => resolve(error.message))
  })

/** A shell that asks the process to end when we are gone, however we went. */
const guard = (pid: number): ChildProcess =>
  spawn('sh', ['-c', 'cat >/dev/null; kill -TERM "$0"', String(pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })

/** Starts a process in a session of its own: Ctrl-C reaches us alone, and we end the others in their order. */
export const startChild = (options: ChildOptions): Child => {
  const { name, command, environment, log, onLine, logTail, graceMs, askToEnd } = options
  const [file, ...args] = command
  const child = spawn(file, args, {
    env: environment,
    detached: true,
    stdio: ['pipe', onLine === undefined ? log : 'pipe', log],
  })
  // Whoever ends first closes the pipe: its end is told by 'exit'.
  child.stdin?.on('error', () => undefined)
  if (onLine !== undefined) child.stdout?.setEncoding('utf8').on('data', inLines(onLine))
  const ended = endOf(child)
  const { pid } = child
  if (pid === undefined) throw new SluiceError('STOPPED', `${name} cannot be started: ${file}`)

  // One whose input is a sign of life needs no guard.
  const guarding = askToEnd === 'SIGTERM' ? guard(pid) : null
  if (guarding !== null) void ended.then(() => guarding.kill('SIGKILL'))
  let expected = false
  const failed = ended.then((how): Promise<never> => {
    if (expected) return new Promise(() => undefined)
    throw new SluiceError('STOPPED', `${name} ended (${how}):\n${logTail()}`)
  })
  failed.catch(() => undefined)

  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null
  return {
    pid,
    failed,
    writeLine: (line) => void child.stdin?.write(`${line}\n`),
    closeInput: () => void child.stdin?.end(),
    mayEnd: () => {
      expected = true
    },
    stop: async () => {
      expected = true
      if (!isRunning()) return
      if (askToEnd === 'SIGTERM') child.kill('SIGTERM')
      child.stdin?.end()
      const insist = setTimeout(() => child.kill('SIGKILL'), graceMs)
      await ended
      clearTimeout(insist)
    },
  }
}
