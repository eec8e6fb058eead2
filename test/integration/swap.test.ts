import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundleHashOf, type Active } from '../../src/model/active.ts'
import { writeActive } from '../../src/model/activeWriter.file.ts'
import { readAudits, type Audits } from '../support/audits.ts'
import { breakages } from '../support/model/breakages.ts'
import { writeMadeUpBundle } from '../support/model/bundle.ts'
import { knownBundle, type Known } from '../support/model/decidedBy.ts'
import { activeOf, addVariant } from '../support/model/variants.ts'
import { startProcessor, type Processor } from '../support/processor.ts'
import { nothingWrong } from '../support/runChecker.ts'
import { openScene, type Scene } from '../support/scene.ts'
import { ownName, sharedServers } from '../support/shared.ts'
import { steadyPayments } from '../support/steadyPayments.ts'
import { untilTrue } from '../support/until.ts'

const perSecond = 100
const first = 'made-up/1'
/** Some of them here; `npm run bench:swap` goes through all. */
const tried = breakages.filter((_, i) => i % 7 === 0)

type LogLine = { readonly message: string; readonly bundle?: string; readonly result?: string }

describe(`bundles are swapped while ${perSecond} payments a second come`, () => {
  let models: string
  let scene: Scene
  let processor: Processor
  let audits: Audits
  const sound: { readonly active: Active; readonly known: Known }[] = []
  beforeAll(async () => {
    models = await writeMadeUpBundle()
    const others = [
      await addVariant(models, first, '2', { shift: 0.7 }),
      await addVariant(models, first, '3', { renamed: { 'account.count.1h': 'account.count.37m' } }),
    ]
    for (const model of [first, ...others]) {
      const active = await activeOf(models, model)
      sound.push({ active, known: await knownBundle(models, active) })
    }
    await writeActive(models, sound[0]!.active)
    scene = await openScene(sharedServers(), {
      SLUICE_MODELS_DIR: models,
      SLUICE_MODELS_POLL_MS: '50',
      // Made-up models block as they like.
      SLUICE_PROBATION_MS: '0',
    })
    audits = await readAudits(scene.kafka, scene.topics, scene.schemas)
    processor = await startProcessor(scene.environment)
  })
  afterAll(async () => {
    for (const { known } of sound) known.dispose()
    await processor.end()
    await audits.close()
    await scene.close()
    await rm(models, { recursive: true })
  })

  const lines = (): readonly LogLine[] =>
    processor.log.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as LogLine)
  const metricsOf = async (): Promise<string> => (await fetch(`${processor.url}/metrics`)).text()

  const swapTo = async ({ active }: { readonly active: Active }): Promise<void> => {
    const count = lines().length
    await writeActive(models, active)
    await untilTrue(() =>
      lines()
        .slice(count)
        .some(({ bundle }) => bundle === bundleHashOf(active)),
    )
  }

  it('each payment is answered once, by a bundle that is sound, as its model answers', async () => {
    const { paymentSwitch } = scene
    const run = ownName('swap')
    const stream = paymentSwitch.sendSteadily(perSecond, steadyPayments(run))
    await paymentSwitch.decidedMore(perSecond)
    for (const [i, { name, refusal, offer }] of tried.entries()) {
      await swapTo(sound[(i + 1) % sound.length]!)
      await paymentSwitch.decidedMore(perSecond / 2)
      const count = lines().length
      await offer(models, first, `broken-${i}`)
      await untilTrue(() =>
        lines()
          .slice(count)
          .some(({ result }) => result !== undefined),
      )
      expect(
        lines().findLast(({ result }) => result !== undefined),
        name,
      ).toMatchObject({ result: refusal })
      await paymentSwitch.decidedMore(perSecond / 2)
    }
    await swapTo(sound[0]!)
    await paymentSwitch.decidedMore(perSecond)
    await stream.stop()
    await paymentSwitch.allDecided()

    const { sent, decided, missing, conflicting, duplicates } = paymentSwitch.verdict()
    expect({ decided, missing, conflicting, duplicates }).toEqual({
      decided: sent,
      missing: [],
      conflicting: [],
      duplicates: 0,
    })
    expect(await scene.checked()).toMatchObject({ ...nothingWrong, duplicates: 0 })
    const bundles = new Map(sound.map(({ known }) => [known.bundleHash, known]))
    const seen = new Set<string>()
    for (let i = 0; i < sent; i++) {
      const audit = await audits.of(`${run}-${i}`)
      const { bundleHash, probability } = audit.decision
      const known = bundles.get(bundleHash)
      expect(known, bundleHash).toBeDefined()
      expect(audit.features).toHaveLength(known?.features.length ?? NaN)
      expect(probability).toBe(known?.probabilityOf(audit))
      seen.add(bundleHash)
    }
    expect(seen.size).toBe(sound.length)

    expect(await (await fetch(`${processor.url}/version`)).json()).toMatchObject({
      bundle: sound[0]!.known.bundleHash,
      model: first,
    })
    const health = (await (await fetch(`${processor.url}/health`)).json()) as unknown
    expect(health).toMatchObject({ ready: true, details: { bundle: { problem: null } } })
    expect(await metricsOf()).toContain(`sluice_bundle_swaps_total{result="swapped"} ${tried.length + 2}`)
  }, 240_000)
})
