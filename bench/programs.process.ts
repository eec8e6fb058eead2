import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { endsWithUs, rejectsAtEnd } from './children.process.ts'
import type { Measured } from './processor.process.ts'
import type { LoadMessage, LoadOrder, LoadResult, RelayOrder } from './program.ts'

const start = (program: string): ChildProcess => {
  const child = fork(fileURLToPath(new URL(program, import.meta.url)), { execArgv: ['--import', 'tsx'] })
  endsWithUs(child)
  return child
}

/** Resolves with the first message of the kind; rejects when the program ends before it. */
const heard = (child: ChildProcess, program: string) => {
  const messages: LoadMessage[] = []
  const waiting = new Map<string, (message: LoadMessage) => void>()
  child.on('message', (message: LoadMessage) => {
    messages.push(message)
    waiting.get(message.kind)?.(message)
  })
  const ended = rejectsAtEnd(child, program)
  return <Kind extends LoadMessage['kind']>(kind: Kind) => {
    const message = new Promise<LoadMessage>((resolve) => {
      const early = messages.find((each) => each.kind === kind)
      if (early !== undefined) resolve(early)
      else waiting.set(kind, resolve)
    })
    return Promise.race([message, ended]) as Promise<Extract<LoadMessage, { readonly kind: Kind }>>
  }
}

export type Load = {
  /** Begins to send; resolves when the warm-up is over. */
  readonly warmUp: () => Promise<void>
  /** Resolves when everything is answered. */
  readonly finish: () => Promise<LoadResult>
}

/** Starts the load generator; resolves when it would notice an answer. */
export const startLoad = async (order: LoadOrder): Promise<Load> => {
  const child = start('load.ts')
  const hear = heard(child, 'the load generator')
  child.send(order)
  await hear('ready')
  return {
    warmUp: async () => {
      child.send('go')
      await hear('warm')
    },
    finish: async () => {
      const { result } = await hear('done')
      if (child.exitCode === null) await once(child, 'exit')
      return result
    },
  }
}

/** Starts the relay; resolves when it has joined its group. */
export const startRelay = async (order: RelayOrder): Promise<Measured> => {
  const startedAt = performance.now()
  const child = start('relay.ts')
  const hear = heard(child, 'the relay')
  child.send(order)
  await hear('ready')
  if (child.pid === undefined) throw new Error('the relay has no pid')
  return {
    pid: child.pid,
    metricsUrl: null,
    startedAt,
    stop: async () => {
      const exit = once(child, 'exit')
      child.kill('SIGTERM')
      const [code, signal] = (await exit) as (number | string | null)[]
      if (code !== 0) throw new Error(`the relay ended with ${signal ?? code}`)
    },
  }
}
