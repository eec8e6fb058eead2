import { isDeepStrictEqual } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { entityToken, entityTypes } from '../../src/domain/entity.ts'
import type { Received } from '../../src/domain/received.ts'
import { createAddressing } from '../../src/features/addressing.ts'
import type { ClusterMap } from '../../src/features/clusterMap.redis.ts'
import type { Histories } from '../../src/features/histories.ts'
import { compileFeatures } from '../../src/features/plan.ts'
import type { Recalled } from '../../src/features/recalled.ts'
import { openClusterHistories, openMap } from '../support/clusterStores.ts'
import { coveredSince } from '../support/conformance/histories.ts'
import { accounts, createPayments, untilAllKnown } from '../support/load.ts'
import { startRedisCluster, type RedisCluster } from '../support/redisCluster.ts'
import { keys, until } from '../support/redisStores.ts'

/** Of the stores in tests: a marker that is gone becomes this. */
const nowOfStores = 9_000
const windowMs = 4_000
const names = entityTypes.flatMap((entity) => [`${entity}.count.4s`, `${entity}.sum.4s`])
const plan = compileFeatures(names, { retentionMs: 86_400_000 })

let cluster: RedisCluster
let map: ClusterMap
beforeEach(async () => {
  cluster = await startRedisCluster()
  map = await openMap(cluster.url, 2_000)
  await cluster.declareCovered(coveredSince)
})
afterEach(async () => {
  map.close()
  await cluster.close()
})

const featuresOf = (recalled: Recalled) => {
  const row = new Float64Array(names.length)
  const degraded = plan.compute(recalled, row)
  return entityTypes.map((entity, slot) => ({
    values: [row[2 * slot], row[2 * slot + 1]],
    isFlagged: degraded.includes(`history.${entity}`),
  }))
}

const unknown = { values: [NaN, NaN], isFlagged: true }

/** Count and sum of what was sent up to the payment, by filtering an array; or unknown and flagged. */
const createOracle = (sent: readonly Received[]) => {
  const address = createAddressing(keys)
  return (received: Received, isLost: (shard: number) => boolean) =>
    entityTypes.map((type, slot) => {
      const shard = address(received).entities[slot]?.shard ?? -1
      if (isLost(shard)) return unknown
      const start = received.effectiveAt - windowMs
      const amounts = sent
        .slice(0, sent.indexOf(received) + 1)
        .filter(({ payment }) => entityToken[type](payment) === entityToken[type](received.payment))
        .filter(({ effectiveAt }) => effectiveAt > start && effectiveAt <= received.effectiveAt)
        .map(({ payment }) => payment.amountMinor)
      return { values: [amounts.length, amounts.reduce((sum, amount) => sum + amount, 0)], isFlagged: false }
    })
}

test.each([
  ['with its data', false],
  ['without its data', true],
])(
  'a master of three is killed under load and comes back %s: what is lost is unknown, all else as sent',
  async (_, loses) => {
    const { sent, next, pass } = createPayments()
    const expectedOf = createOracle(sent)
    const [victim] = cluster.servers
    if (victim === undefined) throw new Error('there is no server')
    const instance = openClusterHistories(map)
    await untilAllKnown(instance, () => next(accounts))
    const number = map.nodes.findIndex(({ address }) => address === victim.address)
    const isHeld = (shard: number): boolean => map.nodeOf(shard) === number
    const isLost = (shard: number): boolean => loses && isHeld(shard)

    const underWay = Array.from({ length: 10 }, () => instance.remember(next(16)))
    await victim.kill()
    await Promise.all(underWay)
    await until(() => map.missing().length > 0)
    for (let round = 0; round < 5; round++) {
      const batch = next(accounts)
      const recalled = await instance.remember(batch)
      expect(recalled.map(featuresOf)).toEqual(batch.map((received) => expectedOf(received, isHeld)))
    }

    if (loses) await victim.loseData()
    await victim.start()
    const asExpected = async (who: Histories, lost: (shard: number) => boolean): Promise<void> => {
      const batch = next(accounts)
      const recalled = await who.remember(batch)
      expect(recalled.map(featuresOf)).toEqual(batch.map((received) => expectedOf(received, lost)))
    }
    // Meanwhile it may be unknown what need not be; never is anything but unknown or as sent.
    await until(async () => {
      const batch = next(accounts)
      const recalled = await instance.remember(batch)
      const found = recalled.map(featuresOf)
      const expected = batch.map((received) => expectedOf(received, isLost))
      const others = found.flatMap((each, i) =>
        each.filter((feature, slot) => !isDeepStrictEqual(feature, expected[i]?.[slot])),
      )
      for (const other of others) expect(other).toEqual(unknown)
      return others.length === 0 && recalled.every(({ views }) => !views.includes('unknown'))
    })
    await asExpected(instance, isLost)
    await asExpected(openClusterHistories(map), isLost)

    // From when the shards are covered again they are known again.
    pass(nowOfStores + windowMs)
    for (let round = 0; round < 3; round++) await asExpected(instance, () => false)
    await asExpected(openClusterHistories(map), () => false)
    await instance.close()
  },
)
