import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Payment } from '../../src/domain/payment.ts'
import { shardCount } from '../../src/features/keys.ts'
import type { Rebuilt } from '../../src/offline/rebuild/rebuild.ts'
import { readAudits, type Audits } from '../support/audits.ts'
import { runCommand } from '../support/command.ts'
import { writeMadeUpBundle } from '../support/model/bundle.ts'
import { featureNames } from '../support/model/examples.ts'
import { aPayment } from '../support/payments.ts'
import { startProcessor, type Processor } from '../support/processor.ts'
import { startRedisCluster, type RedisCluster } from '../support/redisCluster.ts'
import { openScene, type Scene } from '../support/scene.ts'
import { sharedServers } from '../support/shared.ts'
import { untilTrue } from '../support/until.ts'

const dayMs = 86_400_000
const accounts = Array.from({ length: 60 }, (_, i) => `account-${i}`)
const countOfAccount = featureNames.indexOf('account.count.1h')

describe('one master of a cluster has lost its data', () => {
  const since = Date.now() - 70 * dayMs
  let cluster: RedisCluster
  let models: string
  let scene: Scene
  let processor: Processor
  let audits: Audits
  let rounds = 0

  /** One payment of each account; gives the counts that the processor saw, and what it lacked. */
  const payOnce = async () => {
    const round = rounds++
    const batch = accounts.map((accountId): Payment =>
      aPayment({
        paymentId: `${accountId}-${round}`,
        accountId,
        deviceId: `${accountId}-device`,
        payeeId: `${accountId}-payee`,
        occurredAt: Date.now(),
      }),
    )
    await scene.paymentSwitch.send(batch)
    await scene.paymentSwitch.allDecided()
    const seen = await Promise.all(batch.map(({ paymentId }) => audits.of(paymentId)))
    return {
      counts: seen.map(({ features }) => features[countOfAccount] ?? NaN),
      lacking: seen.filter(({ degraded }) => degraded.length > 0).length,
    }
  }

  beforeAll(async () => {
    cluster = await startRedisCluster()
    await cluster.declareCovered(since)
    models = await writeMadeUpBundle()
    const { brokers, redisUrl } = sharedServers()
    scene = await openScene(
      { brokers, redisUrl },
      {
        SLUICE_REDIS_URL: cluster.url,
        SLUICE_MODELS_DIR: models,
        SLUICE_REDIS_TIMEOUT_MS: '2000',
        SLUICE_DEADLINE_MS: '20000',
      },
    )
    processor = await startProcessor(scene.environment)
    audits = await readAudits(scene.kafka, scene.topics, scene.schemas)
  })
  afterAll(async () => {
    await processor.end()
    await Promise.all([audits.close(), scene.close(), cluster.close(), rm(models, { recursive: true })])
  })

  it('only its shards are rebuilt, beside a processor; then every history is whole', async () => {
    for (let round = 1; round <= 5; round++)
      expect(await payOnce()).toEqual({ counts: accounts.map(() => round), lacking: 0 })

    await cluster.servers[1]?.ask((redis) => redis.flushall())
    // Whoever learns of a loss knows nothing of the other shards either until it has looked at them again.
    await payOnce()
    const lost = await payOnce()
    expect(lost.lacking).toBeGreaterThan(10)
    // Unknown where the master had it, right where another one has it; never too low.
    expect(new Set(lost.counts)).toEqual(new Set([NaN, 7]))

    const { code, out, err } = await runCommand(
      ['rebuild', '--json', '--covered-since', new Date(since).toISOString()],
      scene.environment,
    )
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const rebuilt = JSON.parse(out) as Rebuilt
    expect(rebuilt).toMatchObject({ payments: 7 * accounts.length, shardsOvertaken: 0 })
    expect(rebuilt.shards).toBeGreaterThan(shardCount / 4)
    expect(rebuilt.shards + rebuilt.shardsLeft).toBe(shardCount)
    expect(rebuilt.shardsLeft).toBeGreaterThan(shardCount / 2)

    await untilTrue(async () => (await payOnce()).lacking === 0)
    const { counts } = await payOnce()
    expect(counts).toEqual(accounts.map(() => rounds))
  }, 120_000)
})
