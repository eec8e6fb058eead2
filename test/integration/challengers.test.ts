import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Audit } from '../../src/domain/audit.ts'
import { writeActive } from '../../src/model/activeWriter.file.ts'
import { readFeatureTable } from '../../src/offline/training/featureTable.file.ts'
import { readLabels } from '../../src/offline/training/labels.file.ts'
import { readAudits, type Audits } from '../support/audits.ts'
import { runCommand } from '../support/command.ts'
import { writeMadeUpBundle } from '../support/model/bundle.ts'
import { activeOf, addVariant } from '../support/model/variants.ts'
import { startProcessor, type Processor } from '../support/processor.ts'
import { openScene, type Scene } from '../support/scene.ts'
import { ownName, sharedServers } from '../support/shared.ts'
import { steadyPayments } from '../support/steadyPayments.ts'

const perSecond = 100
const [champion, inShadow, canary] = ['made-up/1', 'made-up/2', 'made-up/3'] as const

describe('a shadow on another engine and a canary beside the champion, on real servers', () => {
  let models: string
  let scene: Scene
  let processor: Processor
  let audits: Audits
  beforeAll(async () => {
    models = await writeMadeUpBundle()
    await addVariant(models, champion, '2', {
      shift: 1,
      renamed: { 'account.count.1h': 'account.count.37m' },
    })
    await addVariant(models, champion, '3', { shift: -1 })
    const active = await activeOf(models, champion)
    const [second, third] = [await activeOf(models, inShadow), await activeOf(models, canary)]
    await writeActive(models, {
      ...active,
      challengers: [
        { ...second.champion, pin: { ...second.champion.pin, backend: 'cpu' } },
        { ...third.champion, canaryShare: 0.3 },
      ],
    })
    scene = await openScene(sharedServers(), {
      SLUICE_MODELS_DIR: models,
      SLUICE_PROBATION_MS: '0',
      // The machine of a test may be slow; what is shed is not what is tested here.
      SLUICE_SHADOW_BUDGET_MS: '5000',
      SLUICE_SHED_FROM_SHARE: '0',
    })
    audits = await readAudits(scene.kafka, scene.topics, scene.schemas)
    processor = await startProcessor(scene.environment)
  })
  afterAll(async () => {
    await processor.end()
    await audits.close()
    await scene.close()
    await rm(models, { recursive: true })
  })

  it('each payment is answered once, by one model an account, and every other model is heard', async () => {
    const { paymentSwitch } = scene
    const run = ownName('challengers')
    const stream = paymentSwitch.sendSteadily(perSecond, steadyPayments(run))
    await paymentSwitch.decidedMore(4 * perSecond)
    await stream.stop()
    await paymentSwitch.allDecided()

    const { sent, decided, missing, conflicting, duplicates } = paymentSwitch.verdict()
    expect({ decided, missing, conflicting, duplicates }).toEqual({
      decided: sent,
      missing: [],
      conflicting: [],
      duplicates: 0,
    })
    const deciders = new Map<string, Set<string | null>>()
    const seen: Audit[] = []
    for (let i = 0; i < sent; i++) {
      const audit = await audits.of(`${run}-${i}`)
      const { model } = audit.decision
      const { accountId } = audit.payment
      deciders.set(accountId, (deciders.get(accountId) ?? new Set()).add(model))
      expect(audit.otherModels.map((other) => other.model).toSorted()).toEqual(
        [champion, inShadow, canary].filter((each) => each !== model),
      )
      seen.push(audit)
    }
    expect([...deciders.values()].every((models_) => models_.size === 1)).toBe(true)
    const byCanary = seen.filter(({ decision }) => decision.model === canary).length
    // 200 accounts: five standard deviations of a binomial are 0.16.
    expect(Math.abs(byCanary / sent - 0.3)).toBeLessThan(0.17)
    for (const { decision, otherModels } of seen) {
      const shadow = otherModels.find(({ model }) => model === inShadow)
      expect(shadow?.probability).toBeGreaterThan(decision.probability ?? NaN)
    }

    const metrics = await (await fetch(`${processor.url}/metrics`)).text()
    expect(metrics).toContain(`sluice_shadow_payments_total{result="scored"} ${2 * sent}`)
    expect(metrics).toContain(`sluice_model_decisions_total{model="${canary}"} ${byCanary}`)
    expect(await (await fetch(`${processor.url}/health`)).json()).toMatchObject({
      ready: true,
      details: { drift: { flagged: false } },
    })
    expect(await (await fetch(`${processor.url}/version`)).json()).toMatchObject({
      model: champion,
      backend: expect.stringMatching(/^wasm \d[^,]*$/) as string,
    })
    expect(metrics).toContain(`sluice_model_off_pin{model="${champion}"} 0`)

    const folder = await mkdtemp(path.join(tmpdir(), 'sluice-audited-'))
    const feedback = path.join(folder, 'feedback.csv')
    const [first] = seen
    await writeFile(
      feedback,
      'feedbackId,paymentId,occurredAt,knownAt,kind,source,accountId\n' +
        `f-1,${run}-0,${first?.payment.occurredAt},${first?.payment.occurredAt},FRAUD_CONFIRMED,desk,acc-1\n`,
    )
    const later = new Date(Date.now() + 8 * 86_400_000).toISOString()
    const { code, err } = await runCommand(
      ['dataset', '--audit', 'topic', '--feedback', feedback, '--as-of', later, '--out', folder],
      scene.environment,
    )
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const names = (await readFile(path.join(folder, 'features.csv'), 'utf8')).split('\n')[0]?.split(',') ?? []
    const table = await readFeatureTable(path.join(folder, 'features.csv'), names.slice(1))
    const rows = new Map(table.paymentIds.map((paymentId, at) => [paymentId, table.rows[at]]))
    expect(rows.size).toBe(sent)
    for (const { payment, features } of seen)
      expect(rows.get(payment.paymentId)).toEqual(Float64Array.from(features))
    const labels = await readLabels(path.join(folder, 'labels.csv'))
    expect([...labels.values()].filter(({ fraud }) => fraud).map(({ paymentId }) => paymentId)).toEqual([
      `${run}-0`,
    ])
    await rm(folder, { recursive: true })
  }, 240_000)
})
