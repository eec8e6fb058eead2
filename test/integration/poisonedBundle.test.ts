import { readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Refusal } from '../../src/domain/bundleSwap.ts'
import { bundleHashOf, type Active } from '../../src/model/active.ts'
import { tell } from '../support/measured.ts'
import { type Breakage, breakages } from '../support/model/breakages.ts'
import { writeMadeUpBundle } from '../support/model/bundle.ts'
import { withoutOwnCases } from '../support/ownCases.ts'
import { activate, addVariant } from '../support/model/variants.ts'
import { startProcessor, type Processor } from '../support/processor.ts'
import { nothingWrong } from '../support/runChecker.ts'
import { openScene, type Scene } from '../support/scene.ts'
import { ownName, sharedServers } from '../support/shared.ts'
import { steadyPayments } from '../support/steadyPayments.ts'
import { untilTrue } from '../support/until.ts'

const perSecond = 150
/** Fewer are not judged. */
const judgedFrom = 200
/** Added to the log-odds: whatever is paid, the probability is 0, or 1. */
const certain = 20

type LogLine = { readonly message: string; readonly result?: string; readonly withdrawn?: string }

const blockingAll = (policy: string): string => policy.replace(/(stepUp|block): 0\.\d+/g, '$1: 0.0')

const offerPolicy = async (
  models: string,
  model: string,
  change: (policy: string) => string,
): Promise<Active> => {
  const policy = `${ownName('strict')}.yaml`
  await writeFile(path.join(models, policy), change(await readFile(path.join(models, 'policy.yaml'), 'utf8')))
  return activate(models, model, policy)
}

/** What passes each check of what is offered, and blocks everybody. */
const harmful: readonly {
  readonly name: string
  readonly offer: (models: string, calm: string) => Promise<Active>
}[] = [
  {
    name: 'a model that is certain of fraud, whoever pays',
    offer: async (models, calm) =>
      activate(models, await addVariant(models, calm, 'certain', { shift: 2 * certain })),
  },
  {
    name: 'a policy whose thresholds block everybody, with no case that would notice',
    offer: (models, calm) => offerPolicy(models, calm, (policy) => blockingAll(withoutOwnCases(policy))),
  },
]

type Refused = Pick<Breakage, 'name' | 'offer'> & { readonly refusal: Refusal }

const refused: readonly Refused[] = [
  ...breakages.filter(({ name }) =>
    [
      'the weights are NaN',
      'the policy is no YAML',
      'the policy fails its own case',
      'the policy names a feature that does not exist',
    ].includes(name),
  ),
  {
    name: 'the thresholds of the policy block everybody, and its own cases notice',
    refusal: 'policy_invalid',
    offer: async (models, calm) => void (await offerPolicy(models, calm, blockingAll)),
  },
]

describe('a poisoned bundle is offered while payments come', () => {
  let models: string
  let calm: string
  let calmHash: string
  let scene: Scene
  let processor: Processor
  let stream: { readonly stop: () => Promise<void> }
  const run = ownName('poisoned')
  beforeAll(async () => {
    models = await writeMadeUpBundle()
    calm = await addVariant(models, 'made-up/1', 'calm', { shift: -certain })
    calmHash = bundleHashOf(await activate(models, calm))
    scene = await openScene(sharedServers(), { SLUICE_MODELS_DIR: models, SLUICE_MODELS_POLL_MS: '50' })
    processor = await startProcessor(scene.environment)
    stream = scene.paymentSwitch.sendSteadily(perSecond, steadyPayments(run))
  })
  afterAll(async () => {
    await stream.stop()
    await processor.end()
    await scene.close()
    await rm(models, { recursive: true })
  })

  const linesFrom = (from: number): readonly LogLine[] =>
    processor.log
      .slice(from)
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as LogLine)
  const decidedBy = (bundleHash: string): number =>
    Array.from({ length: scene.paymentSwitch.sentCount() }, (_, i) =>
      scene.paymentSwitch.answersTo(`${run}-${i}`),
    ).filter(([first]) => first?.decision.bundleHash === bundleHash).length

  it.each(harmful)('$name, is withdrawn', async ({ name, offer }) => {
    await scene.paymentSwitch.decidedMore(2 * judgedFrom)
    const from = processor.log.length
    const hash = bundleHashOf(await offer(models, calm))
    await untilTrue(() =>
      linesFrom(from).some(({ result, withdrawn }) => result !== undefined || withdrawn === hash),
    )
    expect(linesFrom(from).find(({ result, withdrawn }) => result ?? withdrawn)).toMatchObject({
      withdrawn: hash,
    })
    await scene.paymentSwitch.decidedMore(perSecond)
    const version = await (await fetch(`${processor.url}/version`)).json()
    expect(version).toMatchObject({ bundle: calmHash })
    const harmed = decidedBy(hash)
    expect(harmed).toBeGreaterThanOrEqual(judgedFrom)
    tell(name, { decidedByIt: harmed })
    // What stands in active.json was withheld; something else is offered next.
    await activate(models, calm)
  })

  it.each(refused)('$name: never decides', async ({ offer, refusal }) => {
    const from = processor.log.length
    await offer(models, calm, ownName('broken'))
    await untilTrue(() => linesFrom(from).some(({ result }) => result !== undefined))
    expect(linesFrom(from).find(({ result }) => result !== undefined)).toMatchObject({ result: refusal })
    await scene.paymentSwitch.decidedMore(perSecond)
    const version = await (await fetch(`${processor.url}/version`)).json()
    expect(version).toMatchObject({ bundle: calmHash })
    await activate(models, calm)
  })

  it('the checker finds nothing wrong with all of it', async () => {
    await stream.stop()
    await scene.paymentSwitch.allDecided()
    expect(await scene.checked()).toMatchObject({ ...nothingWrong, duplicates: 0 })
  })
})
