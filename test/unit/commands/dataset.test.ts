import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { rowNames } from '../../../src/compose/rowNames.ts'
import { compilePolicy } from '../../../src/decision/policy.ts'
import { run as dataset } from '../../../src/commands/dataset.ts'
import type { Audit } from '../../../src/domain/audit.ts'
import type { Decision } from '../../../src/domain/decision.ts'
import { loadBundle } from '../../../src/model/bundle.file.ts'
import { createAuditWriter } from '../../../src/offline/audit/audits.file.ts'
import { joinLabels } from '../../../src/offline/training/dataset.ts'
import { readFeatureTable } from '../../../src/offline/training/featureTable.file.ts'
import { readLabels } from '../../../src/offline/training/labels.file.ts'
import { anAudit } from '../../support/audited.ts'
import { writeMadeUpBundle } from '../../support/model/bundle.ts'
import { rejecting } from '../../support/model/throwing.ts'

const dayMs = 86_400_000
let models: string
let bundleHash: string
/** What the places of a row mean: the model's features, and those of rules. */
let names: readonly string[]
beforeAll(async () => {
  models = await writeMadeUpBundle()
  const bundle = await loadBundle(models)
  bundleHash = bundle.bundleHash
  names = rowNames(bundle, compilePolicy(bundle.policyText, { isFeature: () => null }).features)
  vi.stubEnv('SLUICE_MODELS_DIR', models)
})
afterAll(() => {
  vi.unstubAllEnvs()
  return rm(models, { recursive: true })
})
let printed = ''
const watched = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
  printed += String(text)
  return true
})
afterEach(() => {
  printed = ''
})
afterAll(() => watched.mockRestore())

const told = { probability: 0.1, outcome: 'ALLOW' } as const
const { occurredAt } = anAudit('any', 'made-up/1', told, {}).payment
const asOf = new Date(occurredAt + 30 * dayMs).toISOString()

const rowOf = (first: number): readonly number[] => names.map((_, at) => (at === 3 ? NaN : first + at))
const recordOf = (
  paymentId: string,
  features: readonly number[],
  decision: Partial<Decision> = {},
): Audit => {
  const audit = anAudit(paymentId, 'made-up/1', told, {}, features)
  return { ...audit, decision: { ...audit.decision, bundleHash, ...decision } }
}

const datasetOf = async (audits: readonly Audit[], more: readonly string[] = []) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'sluice-dataset-'))
  const file = path.join(folder, 'audits.ndjson')
  const writer = createAuditWriter(file)
  for (const audit of audits) await writer.write(audit)
  await writer.close()
  const feedback = path.join(folder, 'feedback.csv')
  await writeFile(
    feedback,
    `feedbackId,paymentId,occurredAt,knownAt,kind,source,accountId\nf-1,pay-1,${occurredAt},${occurredAt + dayMs},FRAUD_CONFIRMED,desk,acc-1\n`,
  )
  try {
    const files = ['--audit', file, '--feedback', feedback, '--out', folder]
    await dataset([...files, '--as-of', asOf, '--json', ...more])
    const [features, labels] = [path.join(folder, 'features.csv'), path.join(folder, 'labels.csv')]
    return {
      result: JSON.parse(printed) as Readonly<Record<string, unknown>>,
      text: await readFile(features, 'utf8'),
      labelsText: await readFile(labels, 'utf8'),
      table: await readFeatureTable(features, names),
      labels: await readLabels(labels),
    }
  } finally {
    await rm(folder, { recursive: true })
  }
}

describe('sluice dataset --audit', () => {
  it('gives the features as they were recorded, with what was known of the payments', async () => {
    const { result, table, labels } = await datasetOf([
      recordOf('pay-1', rowOf(0.1)),
      recordOf('pay-2', rowOf(2)),
    ])
    expect(result).toMatchObject({ payments: 2, frauds: 1, unknown: 0, ofOtherBundles: 0 })
    expect(table.paymentIds).toEqual(['pay-1', 'pay-2'])
    expect(table.rows.map((row) => [...row])).toEqual([rowOf(0.1), rowOf(2)])
    expect(joinLabels(table, labels).map(({ fraud }) => fraud)).toEqual([1, 0])
  })

  it('marks what was let through so that models can learn from it', async () => {
    const taken = recordOf('pay-2', rowOf(2))
    const { labelsText } = await datasetOf([
      recordOf('pay-1', rowOf(0.1)),
      { ...taken, decision: { ...taken.decision, exceptions: ['control_group'] } },
    ])
    const marks = labelsText.split('\n').map((line) => line.split(',').at(-1))
    expect(marks).toEqual(['controlGroup', '0', '1', ''])
  })

  it('has a line for each payment, whatever was delivered, decided or attempted again', async () => {
    const reused = [{ code: 'PAYMENT_ID_REUSED', contribution: null }] as const
    const { result, table } = await datasetOf([
      recordOf('pay-1', rowOf(1)),
      // Delivered again, and once more after a swap, when nobody had its row.
      recordOf('pay-1', rowOf(1)),
      recordOf('pay-1', []),
      recordOf('pay-1', rowOf(9), { attempt: 2 }),
      recordOf('pay-1', rowOf(9), { contentHash: 'ffeeddccbbaa0011', reasons: reused }),
      recordOf('pay-2', []),
      recordOf('pay-3', [1, 2], { bundleHash: 'ff' }),
      recordOf('pay-4', rowOf(4)),
    ])
    expect(table.paymentIds).toEqual(['pay-1', 'pay-4'])
    expect([...(table.rows[0] ?? [])]).toEqual(rowOf(1))
    expect(result).toMatchObject({
      payments: 2,
      ofOtherBundles: 1,
      withoutRow: 1,
      reusedIds: 1,
      laterAttempts: 1,
    })
  })

  it('takes the row of a record that was first audited without one', async () => {
    const { table, result } = await datasetOf([recordOf('pay-1', []), recordOf('pay-1', rowOf(1))])
    expect(table.paymentIds).toEqual(['pay-1'])
    expect(result['withoutRow']).toBe(0)
  })

  it('leaves out what nobody has spoken of yet, and what is outside the time', async () => {
    const early = new Date(occurredAt + dayMs * 2).toISOString()
    const { result } = await datasetOf(
      [recordOf('pay-1', rowOf(1)), recordOf('pay-2', rowOf(2))],
      ['--as-of', early],
    )
    expect(result).toMatchObject({ payments: 1, frauds: 1, unknown: 1 })
    printed = ''
    const none = await rejecting(datasetOf([recordOf('pay-1', rowOf(1))], ['--to', '2001-01-01']))
    expect(none.message).toMatch(/features.csv: expected at least one payment/)
  })

  it('refuses a row that is not what its bundle says', async () => {
    const error = await rejecting(datasetOf([recordOf('pay-1', [1, 2, 3])]))
    expect(error).toMatchObject({ code: 'FILE_INVALID' })
    expect(error.message).toMatch(/payment pay-1: expected \d+ features, as bundle [0-9a-f]+ has, found 3/)
  })
})
