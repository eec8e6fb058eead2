import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { endsWithUs } from './children.process.ts'
import { heapOptions } from './heapOptions.ts'

/** A running program that is measured. */
export type Measured = {
  readonly pid: number
  /** Where the processor tells about itself; null for the relay, which does not. */
  readonly metricsUrl: string | null
  /** Monotonic ms at which it was started. */
  readonly startedAt: number
  /** Resolves when it has drained and ended; rejects when it did not end well. */
  readonly stop: () => Promise<void>
}

export type Environment = Readonly<Record<string, string>>

const compiled = fileURLToPath(new URL('../dist/main.js', import.meta.url))

type LogLine = { readonly message?: string; readonly port?: number }

const parseLine = (line: string): LogLine => {
  try {
    return JSON.parse(line) as LogLine
  } catch {
    return { message: line }
  }
}

const linesKept = 20

/** Starts the compiled processor; resolves when payments are being read. */
export const startProcessor = async (
  environment: Environment,
  nodeOptions: readonly string[] = [],
): Promise<Measured> => {
  const startedAt = performance.now()
  const child = spawn(process.execPath, [...heapOptions, ...nodeOptions, compiled, 'run'], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  endsWithUs(child)
  const closed = once(child, 'close') as Promise<[number | null, string | null]>
  const tail: string[] = []
  const reading = new Promise<number>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      tail.push(line)
      if (tail.length > linesKept) tail.shift()
      const { message, port } = parseLine(line)
      if (message === 'payments are being read' && port !== undefined) resolve(port)
    })
  })
  const ended = closed.then(([code, signal]) => {
    throw new Error(`the processor ended (${signal ?? code}):\n${tail.join('\n')}`)
  })
  const port = await Promise.race([reading, ended])
  ended.catch(() => undefined)
  if (child.pid === undefined) throw new Error('the processor has no pid')
  return {
    pid: child.pid,
    metricsUrl: `http://127.0.0.1:${port}/metrics`,
    startedAt,
    stop: async () => {
      child.kill('SIGTERM')
      const [code, signal] = await closed
      if (code !== 0) throw new Error(`the processor ended with ${signal ?? code}:\n${tail.join('\n')}`)
    },
  }
}
