import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { version_cpu } from '@tensorflow/tfjs-backend-cpu'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Decision } from '../../src/domain/decision.ts'
import { writeActive } from '../../src/model/activeWriter.file.ts'
import { writeMadeUpBundle } from '../support/model/bundle.ts'
import { activeOf, addVariant } from '../support/model/variants.ts'
import { startProcessor, type Processor } from '../support/processor.ts'
import { nothingWrong } from '../support/runChecker.ts'
import { openScene, type Scene } from '../support/scene.ts'
import { ownName, sharedServers } from '../support/shared.ts'
import { steadyPayments } from '../support/steadyPayments.ts'
import { untilTrue } from '../support/until.ts'

const perSecond = 100
const [champion, other] = ['made-up/1', 'made-up/2'] as const
const planted = fileURLToPath(new URL('../support/model/misbehaving.mjs', import.meta.url))

type Order = 'nothing' | 'throw first' | 'throw others' | 'hang others'

describe('a model that was verified misbehaves under load', { timeout: 120_000 }, () => {
  let folder: string
  let models: string
  let scene: Scene
  let processor: Processor
  let stream: { readonly stop: () => Promise<void> }
  let run: string
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'sluice-misbehaving-'))
    models = await writeMadeUpBundle()
    await order('nothing')
  })
  afterEach(async () => {
    await stream.stop()
    await processor.end()
    await scene.close()
    await Promise.all([folder, models].map((each) => rm(each, { recursive: true })))
  })

  const order = (what: Order): Promise<void> => writeFile(path.join(folder, 'order'), what)

  const start = async (): Promise<void> => {
    run = ownName('misbehaving')
    scene = await openScene(sharedServers(), {
      SLUICE_MODELS_DIR: models,
      SLUICE_MODELS_POLL_MS: '50',
      SLUICE_PROBATION_MS: '0',
      SLUICE_SHED_FROM_SHARE: '0',
      // The machine of a test may be slow; what is shed for that is not what is tested here.
      SLUICE_SHADOW_BUDGET_MS: '1000',
    })
    processor = await startProcessor(scene.environment, {
      NODE_OPTIONS: `--import=${planted}`,
      MISBEHAVIOUR: path.join(folder, 'order'),
    })
    stream = scene.paymentSwitch.sendSteadily(perSecond, steadyPayments(run))
    await scene.paymentSwitch.decidedMore(2 * perSecond)
  }

  /** The other model on an engine of its own, so that it runs in a thread. */
  const otherAside = async () => {
    const { champion: beside } = await activeOf(models, other)
    return { ...beside, pin: { backend: 'cpu', version: version_cpu, batchShapes: [] } } as const
  }

  const metric = async (sample: string): Promise<number> => {
    const text = await (await fetch(`${processor.url}/metrics`)).text()
    const line = text.split('\n').find((each) => each.startsWith(`${sample} `))
    return Number(line?.slice(sample.length + 1) ?? 0)
  }
  const untilMore = async (sample: string, count: number): Promise<void> => {
    const before = await metric(sample)
    await untilTrue(async () => (await metric(sample)) >= before + count)
  }
  const failures = 'sluice_model_failures_total'
  const scoredInShadow = 'sluice_shadow_payments_total{result="scored"}'

  /** The decisions on the payments that are sent from now on, `count` of them. */
  const next = async (count: number): Promise<readonly Decision[]> => {
    const from = scene.paymentSwitch.sentCount()
    await scene.paymentSwitch.sentMore(count)
    const ids = Array.from({ length: count }, (_, i) => `${run}-${from + i}`)
    await untilTrue(() => ids.every((id) => scene.paymentSwitch.answersTo(id).length > 0))
    return ids.flatMap((id) => scene.paymentSwitch.answersTo(id).map(({ decision }) => decision))
  }
  const expectNothingWrong = async (): Promise<void> => {
    await stream.stop()
    await scene.paymentSwitch.allDecided()
    expect(await scene.checked()).toMatchObject({ ...nothingWrong, duplicates: 0 })
  }

  const expectUnscored = (decisions: readonly Decision[]): void => {
    expect(decisions.filter(({ probability }) => probability !== null)).toEqual([])
    expect(decisions.filter(({ degraded }) => !degraded.includes('model'))).toEqual([])
  }
  const isScored = ({ probability, degraded }: Decision): boolean =>
    probability !== null && !degraded.includes('model')
  const untilScored = (): Promise<void> => untilTrue(async () => (await next(10)).every(isScored))

  it('the champion throws: each payment is answered without it, says so, and is scored again afterwards', async () => {
    await start()
    expect((await next(20)).filter((each) => !isScored(each))).toEqual([])
    await order('throw first')
    await untilMore(failures, 1)
    expectUnscored(await next(perSecond))
    const lines = processor.log.filter((line) => line.includes('the model could not score')).length
    expect(await metric(failures)).toBeGreaterThan(lines)
    await order('nothing')
    await untilScored()
    await expectNothingWrong()
  })

  it.each(['throw others', 'hang others'] as const)(
    'a champion in a thread of its own (%s): the same',
    async (what) => {
      await addVariant(models, champion, '2')
      const active = await activeOf(models, champion)
      await writeActive(models, active)
      await start()
      await writeActive(models, { ...active, champion: await otherAside() })
      await untilTrue(async () => (await next(10)).every(({ model }) => model === other))
      await order(what)
      await untilMore(failures, 1)
      expectUnscored(await next(perSecond))
      await order('nothing')
      await untilScored()
      await expectNothingWrong()
    },
  )

  it.each([
    ['throw others', 'failed'],
    ['hang others', 'slow'],
  ] as const)('a model in shadow (%s): the champion decides as ever', async (what, result) => {
    await addVariant(models, champion, '2')
    await writeActive(models, { ...(await activeOf(models, champion)), challengers: [await otherAside()] })
    await start()
    await order(what)
    await untilMore(`sluice_shadow_payments_total{result="${result}"}`, 1)
    const scoredBefore = await metric(scoredInShadow)
    expect((await next(2 * perSecond)).filter((each) => !isScored(each))).toEqual([])
    expect(await metric(scoredInShadow)).toBe(scoredBefore)
    await order('nothing')
    await untilMore(scoredInShadow, perSecond)
    await expectNothingWrong()
  })
})
