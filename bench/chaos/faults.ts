import { setTimeout as delay } from 'node:timers/promises'
import type { Rng } from '../../src/offline/simulator/rng.ts'
import type { Proxy } from '../../test/support/proxy/proxy.ts'
import type { Servers } from '../../test/support/servers.ts'
import type { Instance } from './instances.process.ts'

/** What faults happen to. */
export type World = {
  readonly servers: Servers
  readonly brokers: readonly `kafka-${number}`[]
  /** Between the instances and Redis. */
  readonly proxy: Proxy
  readonly instances: readonly Instance[]
  readonly startThird: () => Promise<Instance>
  readonly rng: Rng
}

/** Longer than the session time-out of the instances. */
const expelledMs = 10_000
const stoppedMs = 5_000
const brokerStoppedMs = 10_000
const awayMs = 3_000
const slowMs = 400
const thirdStaysMs = 8_000

/** Each resolves when nothing stands in the way of recovery any more. */
export const faults = {
  'processor killed': async ({ instances, rng }) => rng.pick(instances).replace('SIGKILL'),
  'processor terminated': async ({ instances, rng }) => rng.pick(instances).replace('SIGTERM'),
  'processor stopped 10 s': async ({ instances, rng }) => {
    const instance = rng.pick(instances)
    instance.signal('SIGSTOP')
    await delay(expelledMs)
    instance.signal('SIGCONT')
  },
  'both processors killed': async ({ instances }) => {
    await Promise.all(instances.map((instance) => instance.replace('SIGKILL')))
  },
  'third instance joins and leaves': async ({ startThird }) => {
    const third = await startThird()
    await delay(thirdStaysMs)
    await third.retire()
  },
  'broker killed': async ({ servers, brokers, rng }) => {
    const broker = rng.pick(brokers)
    await servers.kill(broker)
    await delay(awayMs)
    await servers.start(broker)
  },
  'broker restarted': async ({ servers, brokers, rng }) => {
    const broker = rng.pick(brokers)
    await servers.stop(broker)
    await servers.start(broker)
  },
  'broker stopped 10 s': async ({ servers, brokers, rng }) => {
    const broker = rng.pick(brokers)
    await servers.pause(broker)
    await delay(brokerStoppedMs)
    await servers.resume(broker)
  },
  'Redis killed, its data lost': async ({ servers }) => {
    await servers.kill('redis')
    await servers.empty('redis')
    await delay(awayMs)
    await servers.start('redis')
  },
  'Redis and a processor killed, data lost': async ({ servers, instances, rng }) => {
    await Promise.all([
      rng.pick(instances).replace('SIGKILL'),
      (async () => {
        await servers.kill('redis')
        await servers.empty('redis')
        await servers.start('redis')
      })(),
    ])
  },
  'Redis stopped 5 s': async ({ servers }) => {
    await servers.pause('redis')
    await delay(stoppedMs)
    await servers.resume('redis')
  },
  'Redis slow 5 s': async ({ proxy }) => {
    proxy.poison({ latencyMs: slowMs, jitterMs: slowMs / 4 })
    await delay(stoppedMs)
    proxy.heal()
  },
  'answers of Redis vanish 5 s': async ({ proxy }) => {
    proxy.poison({ swallows: true }, ['down'])
    await delay(stoppedMs)
    proxy.heal()
  },
  'connections to Redis cut': async ({ proxy }) => proxy.cut(),
} as const satisfies Readonly<Record<string, (world: World) => Promise<void>>>

export type FaultName = keyof typeof faults
export const faultNames = Object.keys(faults) as readonly FaultName[]
