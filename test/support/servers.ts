import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** Several brokers have a number each, from 1 on. */
export type ServerName = 'kafka' | 'redis' | `kafka-${number}`

export interface ServersOptions {
  /** What to start; both by default. */
  readonly only?: 'kafka' | 'redis'
  /** Brokers; of several each record has copies on three, and one may be lost. 1 by default. */
  readonly brokers?: number
  /** Where data and logs go, kept at the end; a temporary folder by default. */
  readonly dir?: string
  /** A folder as `makeSecurity` fills it: everybody is asked who he is. */
  readonly secure?: string
  /** The port of a proxy: Kafka names it as its own to whoever comes through `behindPort`. */
  readonly behind?: number
}

/** A Kafka and a Redis of the test's own. Each action resolves when it is so, a start when the server answers again. */
export interface Servers {
  /** `host:port` for kafkajs, several separated by commas; empty when only Redis was asked for. */
  readonly brokers: string
  /** Where Kafka wants a certificate of ours; empty unless `secure`. */
  readonly mutualBrokers: string
  /** Where Kafka takes what the proxy hands on; NaN unless `behind`. */
  readonly behindPort: number
  /** `redis://host:port`; empty when only Kafka was asked for. */
  readonly redisUrl: string
  /** Of the processes as last started; a server that existed before has none. */
  readonly pids: Readonly<Partial<Record<ServerName, number>>>
  /** Of `scripts/servers.mjs` itself. */
  readonly scriptPid: number
  stop(name: ServerName): Promise<void>
  start(name: ServerName): Promise<void>
  kill(name: ServerName): Promise<void>
  /** SIGSTOP: connections stay open and nothing answers. */
  pause(name: ServerName): Promise<void>
  resume(name: ServerName): Promise<void>
  /** Takes the data of a Redis that does not run. */
  empty(name: 'redis'): Promise<void>
  /** Ends both and removes their data. */
  close(): Promise<void>
}

interface Reply {
  readonly mutualBrokers?: string
  readonly behindPort?: number
  readonly brokers?: string
  readonly redisUrl?: string
  readonly pids?: Partial<Record<ServerName, number>>
  readonly done?: string
  readonly failed?: string
  readonly reason?: string
  readonly pid?: number
}

const script = fileURLToPath(new URL('../../scripts/servers.mjs', import.meta.url))

/** Starts `scripts/servers.mjs` and resolves when the servers answer; rejects with what it printed when it ends first. */
export const startServers = async (options: ServersOptions = {}): Promise<Servers> => {
  const args = [
    ...(options.only ? [`--${options.only}`] : []),
    ...(options.brokers ? ['--brokers', String(options.brokers)] : []),
    ...(options.dir ? ['--dir', options.dir] : []),
    ...(options.secure ? ['--secure', options.secure] : []),
    ...(options.behind ? ['--behind', String(options.behind)] : []),
  ]
  const child = spawn(process.execPath, [script, ...args], { stdio: ['pipe', 'pipe', 'pipe'] })
  const closed = once(child, 'close')
  const scriptPid = child.pid
  if (scriptPid === undefined) throw new Error(`cannot start ${script}`)
  let complaint = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text))
  const replies = createInterface({ input: child.stdout })[Symbol.asyncIterator]()

  // Commands are answered in order, so each call reads the one line that is its own.
  let turn: Promise<unknown> = Promise.resolve()
  const nextReply = async (): Promise<Reply> => {
    const line = await replies.next()
    if (line.done) throw new Error(`scripts/servers.mjs ended: ${complaint.trim()}`)
    return JSON.parse(line.value) as Reply
  }

  const ready = await nextReply()
  const pids = { ...ready.pids }

  const command = (verb: string) => (name: ServerName) => {
    const answered = turn.then(async () => {
      child.stdin.write(`${verb} ${name}\n`)
      const reply = await nextReply()
      if (reply.failed !== undefined) throw new Error(`${reply.failed}: ${reply.reason}`)
      if (reply.pid !== undefined) pids[name] = reply.pid
    })
    turn = answered.catch(() => undefined)
    return answered
  }

  return {
    brokers: ready.brokers ?? '',
    mutualBrokers: ready.mutualBrokers ?? '',
    behindPort: ready.behindPort ?? NaN,
    redisUrl: ready.redisUrl ?? '',
    pids,
    scriptPid,
    stop: command('stop'),
    start: command('start'),
    kill: command('kill'),
    pause: command('pause'),
    resume: command('resume'),
    empty: command('empty'),
    close: async () => {
      child.stdin.end()
      await closed
    },
  }
}
