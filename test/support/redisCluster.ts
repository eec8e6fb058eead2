import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { coverageKey, shardCount } from '../../src/features/keys.ts'
import { slotCount } from '../../src/features/slots.ts'
import type { Certificate } from './certificate.ts'

/** One server of a cluster. Each action resolves when it is so, a start when the server answers. */
export type ClusterServer = {
  readonly address: string
  readonly url: string
  start(): Promise<void>
  /** SIGKILL. What it has acknowledged is in its append-only file. */
  kill(): Promise<void>
  /** Removes what a killed one has written; it keeps its place in the cluster. */
  loseData(): Promise<void>
  /** SIGSTOP: connections stay open and nothing answers. */
  pause(): void
  resume(): void
  /** Does something with a connection of the test's own. */
  ask<T>(use: (redis: Redis) => Promise<T>): Promise<T>
}

export type RedisCluster = {
  /** As SLUICE_REDIS_URL. */
  readonly url: string
  readonly servers: readonly ClusterServer[]
  /** The master that has the slot, by its own word. */
  holderOf(slot: number): Promise<ClusterServer>
  flush(): Promise<void>
  /** Says that all histories are complete from `since` (epoch ms) on. */
  declareCovered(since: number): Promise<void>
  /** Ends all and removes their data. */
  close(): Promise<void>
}

const freePorts = async (count: number): Promise<readonly number[]> => {
  const held = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(held.map((server) => once(server, 'listening')))
  const ports = held.map((server) => (server.address() as AddressInfo).port)
  await Promise.all(held.map((server) => once(server.close(), 'close')))
  return ports
}

/** Ends the process when this one dies in any way. */
const guard = (pid: number): ChildProcess =>
  spawn('sh', ['-c', 'cat >/dev/null; kill -KILL "$0"', String(pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })

/** Resolves when `holds`; the test's own time-out ends the wait. */
const until = async (holds: () => Promise<boolean>): Promise<void> => {
  while (!(await holds().catch(() => false))) await delay(20)
}

const scheme = (certificate: Certificate | null): string => (certificate === null ? 'redis://' : 'rediss://')

const createClusterServer = (
  folder: string,
  [port = 0, busPort = 0]: readonly number[],
  certificate: Certificate | null,
): ClusterServer & { end(): Promise<void> } => {
  const settings = {
    ...(certificate === null
      ? { port: String(port) }
      : {
          port: '0',
          'tls-port': String(port),
          'tls-cluster': 'yes',
          'tls-auth-clients': 'no',
          'tls-cert-file': certificate.certificateFile,
          'tls-key-file': certificate.keyFile,
          'tls-ca-cert-file': certificate.authorityFile,
        }),
    'cluster-port': String(busPort),
    bind: '127.0.0.1',
    dir: folder,
    logfile: join(folder, 'log'),
    'cluster-enabled': 'yes',
    'cluster-node-timeout': '1000',
    'cluster-require-full-coverage': 'no',
    appendonly: 'yes',
    appendfsync: 'no',
    save: '',
  }
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value])
  const address = `127.0.0.1:${port}`
  let child: ChildProcess | null = null

  const ask = async <T>(use: (redis: Redis) => Promise<T>): Promise<T> => {
    const redis = new Redis(port, '127.0.0.1', {
      maxRetriesPerRequest: 0,
      retryStrategy: () => null,
      ...(certificate === null ? {} : { tls: { ca: certificate.authority } }),
    })
    redis.on('error', () => undefined)
    try {
      return await use(redis)
    } finally {
      redis.disconnect()
    }
  }
  const end = async (): Promise<void> => {
    if (child === null || child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
  }
  return {
    address,
    url: `${scheme(certificate)}${address}`,
    start: async () => {
      await mkdir(folder, { recursive: true })
      child = spawn('redis-server', args, { stdio: 'ignore' })
      const watching = guard(child.pid ?? 0)
      child.once('exit', () => watching.kill('SIGKILL'))
      await until(async () => (await ask((redis) => redis.ping())) === 'PONG')
    },
    kill: end,
    loseData: () => rm(join(folder, 'appendonlydir'), { recursive: true }),
    pause: () => void child?.kill('SIGSTOP'),
    resume: () => void child?.kill('SIGCONT'),
    ask,
    end,
  }
}

const masters = 3

/**
 * Starts three masters that share the slots equally, in a folder of their own.
 * @param options.replica whether a fourth server is a replica of the first
 * @param options.certificate with it they speak TLS only
 */
export const startRedisCluster = async ({
  replica = false,
  certificate = null,
}: {
  readonly replica?: boolean
  readonly certificate?: Certificate | null
} = {}): Promise<RedisCluster> => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-cluster-'))
  const size = masters + (replica ? 1 : 0)
  const ports = await freePorts(2 * size)
  const servers = Array.from({ length: size }, (_, i) =>
    createClusterServer(join(folder, `node-${i}`), ports.slice(2 * i, 2 * i + 2), certificate),
  )
  const close = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.end()))
    await rm(folder, { recursive: true, force: true })
  }

  const holds = async (server: ClusterServer, slot: number): Promise<boolean> => {
    const text = String(await server.ask((redis) => redis.cluster('NODES')))
    const own = text.split('\n').find((line) => line.includes('myself')) ?? ''
    return own.split(' ').some((range) => {
      const [from = NaN, to = from] = /^\d+(-\d+)?$/.test(range) ? range.split('-').map(Number) : []
      return from <= slot && slot <= to
    })
  }

  const meet = async (): Promise<void> => {
    const share = Math.ceil(slotCount / masters)
    for (const [i, server] of servers.entries())
      await server.ask(async (redis) => {
        const last = Math.min(slotCount, (i + 1) * share) - 1
        if (i < masters) await redis.call('CLUSTER', 'ADDSLOTSRANGE', String(i * share), String(last))
        // Only while it knows no other node.
        await redis.call('CLUSTER', 'SET-CONFIG-EPOCH', String(i + 1))
      })
    for (const server of servers)
      await server.ask(async (redis) => {
        for (const [j, port] of ports.entries())
          if (j % 2 === 0)
            await redis.call('CLUSTER', 'MEET', '127.0.0.1', String(port), String(ports[j + 1]))
      })
    for (const server of servers)
      await until(async () => {
        const info = String(await server.ask((redis) => redis.cluster('INFO')))
        return info.includes('cluster_state:ok') && info.includes(`cluster_known_nodes:${size}`)
      })
  }

  const follow = async (): Promise<void> => {
    const [first] = servers
    const id = String(await first?.ask((redis) => redis.cluster('MYID')))
    await servers.at(-1)?.ask((redis) => redis.call('CLUSTER', 'REPLICATE', id))
    await until(async () => /slave0:.*state=online/.test(String(await first?.ask((redis) => redis.info()))))
  }

  try {
    await Promise.all(servers.map((server) => server.start()))
    await meet()
    if (replica) await follow()
  } catch (error) {
    await close()
    throw error
  }
  return {
    url: `${scheme(certificate)}${servers
      .slice(0, masters)
      .map(({ address }) => address)
      .join(',')}`,
    servers,
    holderOf: async (slot) => {
      for (const server of servers) if (await holds(server, slot)) return server
      throw new Error(`nobody holds slot ${slot}`)
    },
    flush: async () => {
      for (const server of servers.slice(0, masters)) await server.ask((redis) => redis.flushall())
    },
    declareCovered: async (since) => {
      for (const server of servers.slice(0, masters))
        await server.ask(async (redis) => {
          const pipeline = redis.pipeline()
          // Each node refuses the shards of the others.
          for (let shard = 0; shard < shardCount; shard++) pipeline.set(coverageKey(shard), String(since))
          await pipeline.exec()
        })
    },
    close,
  }
}
