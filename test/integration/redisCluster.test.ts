import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Payment } from '../../src/domain/payment.ts'
import { openRedisReplayStores } from '../../src/offline/replay/store.redis.ts'
import { openSeedStores } from '../../src/offline/seedStores.redis.ts'
import { readAudits } from '../support/audits.ts'
import { makeCertificate } from '../support/certificate.ts'
import { writeMadeUpBundle } from '../support/model/bundle.ts'
import { featureNames } from '../support/model/examples.ts'
import { aPayment } from '../support/payments.ts'
import { startProcessor } from '../support/processor.ts'
import { startRedisCluster, type RedisCluster } from '../support/redisCluster.ts'
import { openScene } from '../support/scene.ts'
import { ownName, sharedServers } from '../support/shared.ts'

const dayMs = 86_400_000
const accounts = Array.from({ length: 30 }, (_, i) => `account-${i}`)
const countOfAccount = featureNames.indexOf('account.count.1h')
const project = fileURLToPath(new URL('../../', import.meta.url))
const run = promisify(execFile)

describe('a cluster of three masters that speak TLS only', () => {
  let folder: string
  let cluster: RedisCluster
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-tls-'))
    const certificate = await makeCertificate(folder)
    cluster = await startRedisCluster({ certificate })
    // For the processes that are started here: this one has read it long ago.
    vi.stubEnv('NODE_EXTRA_CA_CERTS', certificate.authorityFile)
  })
  afterAll(async () => {
    vi.unstubAllEnvs()
    await cluster.close()
    await rm(folder, { recursive: true })
  })

  /** What `sluice doctor` finds of Redis, as `check: status: found`. */
  const diagnose = async (environment: Readonly<Record<string, string>>): Promise<readonly string[]> => {
    const args = ['--import', 'tsx', 'src/main.ts', 'doctor', '--json']
    const env = { ...process.env, SLUICE_KAFKA_BROKERS: sharedServers().brokers, ...environment }
    // It fails for topics that are not there.
    const { stdout } = await run(process.execPath, args, { cwd: project, env }).catch(
      (error: { readonly stdout: string }) => error,
    )
    const { findings } = JSON.parse(stdout) as {
      readonly findings: readonly Readonly<Record<'check' | 'status' | 'found', string>>[]
    }
    return findings
      .filter(({ check }) => check.startsWith('redis'))
      .map(({ check, status, found }) => `${check}: ${status}: ${found}`)
  }

  test('sluice doctor looks at each master, whichever is named', async () => {
    const found = await diagnose({ SLUICE_REDIS_URL: cluster.servers[1]?.url ?? '' })
    for (const { address } of cluster.servers) {
      expect(found).toContain(`redis ${address}: reachable: ok: ${address} answers`)
      expect(found).toContain(`redis ${address}: mode: ok: cluster, masters: 3`)
      expect(found).toContain(`redis ${address}: rights: ok: 11 commands allowed`)
    }
  })

  test('who does not know the authority does not connect', async () => {
    const [found] = await diagnose({
      SLUICE_REDIS_URL: cluster.servers[0]?.url ?? '',
      NODE_EXTRA_CA_CERTS: '',
    })
    expect(found).toMatch(/reachable: failed: .*certificate/)
  })

  test('a processor decides with everything known, and degraded by what a killed master held', async () => {
    await cluster.declareCovered(Date.now() - 70 * dayMs)
    const models = await writeMadeUpBundle()
    const { brokers, redisUrl } = sharedServers()
    const scene = await openScene(
      { brokers, redisUrl },
      {
        SLUICE_REDIS_URL: cluster.url,
        SLUICE_MODELS_DIR: models,
        SLUICE_REDIS_TIMEOUT_MS: '2000',
        SLUICE_DEADLINE_MS: '20000',
      },
    )
    const audits = await readAudits(scene.kafka, scene.topics, scene.schemas)
    const processor = await startProcessor(scene.environment)
    const { paymentSwitch } = scene
    const sent: Payment[] = []
    const sendOneEach = async () => {
      const batch = accounts.map((accountId) =>
        aPayment({
          paymentId: ownName('payment'),
          accountId,
          deviceId: `${accountId}-device`,
          occurredAt: Date.now(),
        }),
      )
      sent.push(...batch)
      await paymentSwitch.send(batch)
      await paymentSwitch.allDecided()
      return batch
    }
    const degradedOf = ({ paymentId }: Payment) => paymentSwitch.answersTo(paymentId)[0]?.degraded
    const untilAllIsKnown = async (): Promise<readonly Payment[]> => {
      for (;;) {
        const batch = await sendOneEach()
        if (batch.every((payment) => degradedOf(payment)?.length === 0)) return batch
      }
    }
    try {
      await untilAllIsKnown()
      await cluster.servers[1]?.kill()
      await sendOneEach()
      const degraded = (await sendOneEach()).map(degradedOf)
      const ofAccount = degraded.filter((inputs) => inputs?.includes('history.account')).length
      expect(ofAccount).toBeGreaterThan(0)
      expect(ofAccount).toBeLessThan(accounts.length)
      expect(await processor.isReady()).toBe(false)
      expect(processor.log.some((line) => line.includes('Redis does not answer'))).toBe(true)

      await cluster.servers[1]?.start()
      for (const { paymentId, accountId } of await untilAllIsKnown()) {
        const counted = (await audits.of(paymentId)).features[countOfAccount]
        expect(counted).toBe(sent.filter((payment) => payment.accountId === accountId).length)
      }
      expect(await processor.isReady()).toBe(true)
      expect(paymentSwitch.verdict()).toMatchObject({ missing: [], conflicting: [] })
    } finally {
      await processor.end()
      await Promise.all([audits.close(), scene.close(), rm(models, { recursive: true })])
    }
  })
})

describe('tools that want one Redis with a database to itself', () => {
  test.each(['several nodes', 'one node of a cluster'])('say so for %s', async (named) => {
    const cluster = await startRedisCluster()
    const url = named === 'several nodes' ? cluster.url : (cluster.servers[0]?.url ?? '')
    const refusal = { code: 'USAGE', message: expect.stringContaining('cluster') as string }
    const clock = { at: 0 }
    await expect(openRedisReplayStores({ url, toBase: (amount) => amount, clock })).rejects.toMatchObject(
      refusal,
    )
    await expect(
      openSeedStores({ url, hashKey: Buffer.alloc(16), baseCurrency: 'EUR' }),
    ).rejects.toMatchObject(refusal)
    await cluster.close()
  })
})
