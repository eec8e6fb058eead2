import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, type WriteStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { endsWithUs } from '../children.process.ts'
import { heapOptions } from '../heapOptions.ts'
import type { Environment } from '../processor.process.ts'

/** An instance of `sluice run` and whoever starts it again when it ends, as a supervisor does. */
export type Instance = {
  readonly name: string
  readonly signal: (signal: NodeJS.Signals) => void
  /** Sends the signal, waits for the end, starts it again. Resolves when it reads payments. */
  readonly replace: (signal: NodeJS.Signals) => Promise<void>
  /** SIGTERM; resolves when it has drained and ended, and is not started again. */
  readonly retire: () => Promise<void>
  /** Ends that nobody asked for, in words. */
  readonly unasked: () => readonly string[]
}

const compiled = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
const restartMs = 500

type Running = {
  readonly child: ChildProcess
  readonly reading: Promise<void>
  readonly ended: Promise<string>
}

const launch = (environment: Environment, log: WriteStream): Running => {
  const child = spawn(process.execPath, [...heapOptions, compiled, 'run'], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  endsWithUs(child)
  child.stderr.on('data', (bytes: Buffer) => log.write(bytes))
  const reading = new Promise<void>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      log.write(`${line}\n`)
      if (line.includes('"payments are being read"')) resolve()
    })
  })
  const ended = once(child, 'exit').then(([code, signal]: (number | string | null)[]) =>
    String(signal ?? code),
  )
  return { child, reading, ended }
}

/** Starts it; resolves when payments are being read. @param logFile gets what all its lives print */
export const startInstance = async (
  name: string,
  environment: Environment,
  logFile: string,
): Promise<Instance> => {
  const log = createWriteStream(logFile, { flags: 'a' })
  const unasked: string[] = []
  let asked = false
  let running: Running

  const watch = async (one: Running): Promise<void> => {
    const how = await one.ended
    log.write(`${JSON.stringify({ ended: how, at: new Date().toISOString(), asked })}\n`)
    if (asked || one !== running) return
    unasked.push(`${name} ended with ${how} at ${new Date().toISOString()}`)
    await new Promise((resolve) => setTimeout(resolve, restartMs))
    if (!asked) start()
  }
  const start = (): void => {
    running = launch(environment, log)
    void watch(running)
  }
  start()
  await running!.reading

  return {
    name,
    signal: (signal) => void running.child.kill(signal),
    replace: async (signal) => {
      asked = true
      running.child.kill(signal)
      await running.ended
      asked = false
      start()
      await running.reading
    },
    retire: async () => {
      asked = true
      running.child.kill('SIGCONT')
      running.child.kill('SIGTERM')
      await running.ended
    },
    unasked: () => unasked,
  }
}
