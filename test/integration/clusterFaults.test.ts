import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Received } from '../../src/domain/received.ts'
import { createAddressing } from '../../src/features/addressing.ts'
import type { ClusterMap } from '../../src/features/clusterMap.redis.ts'
import { createClusterJournal } from '../../src/features/journal.cluster.redis.ts'
import { shardOfKey } from '../../src/features/keys.ts'
import { slotOfShard } from '../../src/features/slots.ts'
import { openClusterHistories, openMap } from '../support/clusterStores.ts'
import { coveredSince } from '../support/conformance/histories.ts'
import { seen } from '../support/conformance/seen.ts'
import {
  accounts,
  createPayments,
  nothingUnknown,
  paceMs,
  unknownIn,
  untilAllKnown,
} from '../support/load.ts'
import { aReceived } from '../support/payments.ts'
import { startRedisCluster, type ClusterServer, type RedisCluster } from '../support/redisCluster.ts'
import { keys, until } from '../support/redisStores.ts'

/** A busy machine is no Redis that is away. */
const commandTimeoutMs = 2_000

let cluster: RedisCluster
let map: ClusterMap
const open = async (options: { readonly replica?: boolean } = {}): Promise<void> => {
  cluster = await startRedisCluster(options)
  map = await openMap(cluster.url, commandTimeoutMs)
  await cluster.declareCovered(coveredSince)
}
afterEach(async () => {
  map.close()
  await cluster.close()
})

const address = createAddressing(keys)

const numberOf = ({ address: wanted }: ClusterServer): number =>
  map.nodes.findIndex((node) => node.address === wanted)
const nodeOfDevice = ({ payment }: Received): number =>
  map.nodeOf(shardOfKey(keys.deviceState(payment.deviceId ?? '')))

const heldBy = (received: Received, node: number): readonly boolean[] => [
  ...address(received).entities.map((entity) => entity !== null && map.nodeOf(entity.shard) === node),
  nodeOfDevice(received) === node,
]

/** What an instance that holds nothing sees of everything that was sent: each once, in each of its entities. */
const expectAllOnce = async (
  sent: readonly Received[],
  allowed: ReadonlySet<Received> = new Set(),
): Promise<void> => {
  const fresh = openClusterHistories(map)
  const last = sent.slice(-accounts)
  const places = sent.map((each) => address(each).entities.map((entity) => entity?.key))
  const recalled = await fresh.remember(last)
  expect(recalled.map(unknownIn)).toEqual(last.map(() => nothingUnknown))
  for (const [i, { views }] of recalled.entries()) {
    const at = sent.length - accounts + i
    views.forEach((view, slot) => {
      const expected = sent.filter((_, n) => n < at && places[n]?.[slot] === places[at]?.[slot])
      const found = seen(view)
      if (found === null || found === 'unknown') throw new Error('the history is not known')
      expect(
        found
          .toSorted((a, b) => a.amount - b.amount)
          .map((payment) => ({ amount: payment.amount, allowed: payment.allowed })),
      ).toEqual(expected.map((each) => ({ amount: each.payment.amountMinor, allowed: allowed.has(each) })))
    })
  }
  await fresh.close()
}

const victimOf = (index: number): ClusterServer => {
  const server = cluster.servers[index]
  if (server === undefined) throw new Error(`there is no server ${index}`)
  return server
}

const entryOf = ({ payment }: Received) => ({
  paymentId: payment.paymentId,
  attempt: 1,
  contentHash: '00000000000000aa',
  bytes: Buffer.from(payment.paymentId),
})
const nodeOfEntry = ({ payment }: Received): number =>
  map.nodeOf(shardOfKey(keys.journal(payment.paymentId, 1)))

describe('one master of three', () => {
  beforeEach(() => open())

  test('is killed under load: only what it holds is unknown; when it is back nothing is missing', async () => {
    const { sent, next } = createPayments()
    const instance = openClusterHistories(map, { outcomesWait: true })
    const journal = createClusterJournal({ map, keys })
    const victim = victimOf(1)
    const number = numberOf(victim)
    await untilAllKnown(instance, () => next(accounts))

    const underWay = Array.from({ length: 20 }, () => {
      const batch = next(16)
      return { batch, recalled: instance.remember(batch) }
    })
    await victim.kill()
    for (const { batch, recalled } of underWay)
      for (const [i, each] of (await recalled).entries()) {
        const unknown = unknownIn(each)
        const held = heldBy(batch[i] ?? each.received, number)
        expect(unknown.every((one, slot) => !one || held[slot])).toBe(true)
      }
    await until(() => map.missing().length > 0)
    expect(map.missing()).toEqual([victim.address])

    let degraded = 0
    const allowed = new Set<Received>()
    for (let round = 0; round < 30; round++) {
      const batch = next(accounts)
      const recalled = await instance.remember(batch)
      const replies = await journal.first(batch.map(entryOf))
      expect(recalled.map(unknownIn)).toEqual(batch.map((received) => heldBy(received, number)))
      expect(replies.map(({ kind }) => kind)).toEqual(
        batch.map((received) => (nodeOfEntry(received) === number ? 'unknown' : 'first')),
      )
      degraded += recalled.filter((each) => unknownIn(each).includes(true)).length
      await instance.conclude(batch.map((received) => ({ received, outcome: 'ALLOW' })))
      for (const received of batch) allowed.add(received)
    }
    expect(degraded).toBeGreaterThan(0)

    await victim.start()
    await untilAllKnown(instance, () => next(accounts))
    expect(map.missing()).toEqual([])
    const again = sent.slice(0, 5)
    expect((await journal.first(again.map(entryOf))).map(({ kind }) => kind)).not.toContain('unknown')
    await instance.flush()
    await expectAllOnce(sent, allowed)
    expect(instance.events.get('records_lost')).toBeUndefined()
    await instance.close()
  })

  test('is slow: the first batch waits for one time-out, later ones for nothing', async () => {
    const { next } = createPayments()
    const quick = await openMap(cluster.url, 300)
    const instance = openClusterHistories(quick)
    await untilAllKnown(instance, () => next(accounts))
    victimOf(2).pause()
    const asked = performance.now()
    await instance.remember(next(accounts))
    const first = performance.now() - asked
    for (let n = 0; n < 10; n++) await instance.remember(next(accounts))
    const rest = performance.now() - asked - first
    victimOf(2).resume()
    expect(first).toBeGreaterThanOrEqual(298)
    expect(rest).toBeLessThan(1_000)
    await untilAllKnown(instance, () => next(accounts))
    await instance.close()
    quick.close()
  })

  test('gives slots to another one while payments come: nothing is lost and nothing doubled', async () => {
    const { sent, next } = createPayments()
    const instance = openClusterHistories(map)
    const otherMap = await openMap(cluster.url, commandTimeoutMs)
    const other = openClusterHistories(otherMap)
    await untilAllKnown(instance, () => next(accounts))
    const [from = '', to = ''] = await Promise.all(
      [0, 2].map((i) => victimOf(i).ask(async (redis) => String(await redis.cluster('MYID')))),
    )
    const before = map.version
    const plan = `--cluster-from ${from} --cluster-to ${to} --cluster-slots 300 --cluster-yes`
    const moving = spawn('redis-cli', ['--cluster', 'reshard', victimOf(0).address].concat(plan.split(' ')), {
      stdio: 'ignore',
    })
    const ended = once(moving, 'exit')
    while (moving.exitCode === null)
      await Promise.all([instance.remember(next(8)), other.remember(next(8)), delay(paceMs)])
    expect(await ended).toEqual([0, null])
    await untilAllKnown(instance, () => next(accounts))
    await untilAllKnown(other, () => next(accounts))
    expect(map.version).toBeGreaterThan(before)
    await Promise.all([instance.close(), other.close()])
    otherMap.close()
    await expectAllOnce(sent)
  })

  test('is giving one slot away: what is in it waits until it has gone, and nothing else does', async () => {
    const { sent, next } = createPayments()
    const instance = openClusterHistories(map)
    const journal = createClusterJournal({ map, keys })
    await untilAllKnown(instance, () => next(accounts))
    const first = sent[0] ?? aReceived()
    const entity = address(first).entities[0]
    if (entity === null || entity === undefined) throw new Error('the payment has no account')
    const slot = String(slotOfShard[entity.shard])
    const source = await cluster.holderOf(Number(slot))
    const target = cluster.servers.find((server) => server !== source) ?? source
    const [sourceId, targetId] = await Promise.all(
      [source, target].map((server) => server.ask(async (redis) => String(await redis.cluster('MYID')))),
    )
    const run = (server: ClusterServer, ...args: readonly string[]): Promise<unknown> =>
      server.ask((redis) => redis.call('CLUSTER', ...args))
    const moveKeys = async (count: string): Promise<void> => {
      const found = (await run(source, 'GETKEYSINSLOT', slot, count)) as readonly string[]
      const [host = '', port = ''] = target.address.split(':')
      for (const key of found)
        await source.ask((redis) => redis.call('MIGRATE', host, port, key, '0', '5000'))
    }
    await run(target, 'SETSLOT', slot, 'IMPORTING', sourceId ?? '')
    await run(source, 'SETSLOT', slot, 'MIGRATING', targetId ?? '')
    await moveKeys('100')

    const isIn = (shard: number): boolean => shard === entity.shard
    for (let round = 0; round < 5; round++) {
      const batch = next(accounts)
      const recalled = await instance.remember(batch)
      expect(recalled.map(unknownIn)).toEqual(
        batch.map((received) => [
          ...address(received).entities.map((each) => each !== null && isIn(each.shard)),
          isIn(shardOfKey(keys.deviceState(received.payment.deviceId ?? ''))),
        ]),
      )
    }
    const inSlot = Array.from({ length: 100_000 }, (_, n) => `j${n}`).find((id) =>
      isIn(shardOfKey(keys.journal(id, 1))),
    )
    const entry = { ...entryOf(first), paymentId: inSlot ?? '' }
    expect(await journal.first([entry, entryOf(first)])).toMatchObject([{ kind: 'unknown' }, {}])

    for (const server of [target, source]) await run(server, 'SETSLOT', slot, 'NODE', targetId ?? '')
    await untilAllKnown(instance, () => next(accounts))
    expect(await journal.first([entry])).toEqual([{ kind: 'first' }])
    expect(map.nodes[map.nodeOf(entity.shard)]?.address).toBe(target.address)
    await instance.close()
    await expectAllOnce(sent)
  })
})

test('a replica takes over from a master that is killed: nothing is missing, and nobody waits for it to return', async () => {
  await open({ replica: true })
  const { sent, next } = createPayments()
  const instance = openClusterHistories(map)
  await untilAllKnown(instance, () => next(accounts))
  await victimOf(0).ask((redis) => redis.call('WAIT', '1', '5000'))
  await victimOf(0).kill()
  await untilAllKnown(instance, () => next(accounts))
  expect(map.nodes.map((node) => node.address)).toContain(cluster.servers[3]?.address)
  expect(map.missing()).toEqual([])
  await instance.close()
  await expectAllOnce(sent)
})
