import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { cardPrecisionByDay, type ScoredPayment } from '../../../../src/offline/metrics/cardPrecision.ts'
import { evaluate } from '../../../../src/offline/metrics/evaluation.ts'
import { readRows } from '../../../../src/offline/files/rows.file.ts'

const folder = path.join(process.env['SLUICE_DATA'] ?? path.resolve('..', 'shared', 'data'), 'handbook')
const goldenFile = path.join(folder, 'golden-p1-logistic.json')
const predictionsFile = path.join(folder, 'golden-p1-logistic-predictions.csv.gz')
const present = existsSync(goldenFile) && existsSync(predictionsFile)
if (!present)
  process.stdout.write(`skipped: no handbook data in ${folder} (SLUICE_DATA names another place)\n`)

const goldenSchema = z.object({
  expected: z.object({
    auc_roc: z.number(),
    average_precision: z.number(),
    card_precision_at_100: z.number(),
    card_precision_at_100_per_day: z.array(z.number()),
    recall_at_1pct_fpr: z.number(),
    'recall_at_0.1pct_fpr': z.number(),
    rows: z.number(),
    frauds: z.number(),
  }),
})

const readPredictions = async (): Promise<readonly ScoredPayment[]> => {
  const payments: ScoredPayment[] = []
  for await (const rows of readRows(predictionsFile))
    for (const row of rows)
      payments.push({
        accountId: String(row.get('CUSTOMER_ID')),
        occurredAt: Number(row.get('TX_TIME_DAYS')) * 86_400_000,
        score: Number(row.get('predictions')),
        fraud: row.get('TX_FRAUD') === '1',
      })
  return payments
}

describe.skipIf(!present)('the metrics that scikit-learn gives for a logistic regression', () => {
  it('are ours too', async () => {
    const { expected } = goldenSchema.parse(JSON.parse(await readFile(goldenFile, 'utf8')))
    const payments = await readPredictions()
    const found = evaluate(payments)
    expect(found.rows).toBe(expected.rows)
    expect(found.frauds).toBe(expected.frauds)
    expect(found.areaUnderRoc).toBeCloseTo(expected.auc_roc, 9)
    expect(found.averagePrecision).toBeCloseTo(expected.average_precision, 9)
    expect(found.cardPrecisionAt100).toBeCloseTo(expected.card_precision_at_100, 12)
    expect(cardPrecisionByDay(payments, 100)).toEqual(expected.card_precision_at_100_per_day)
    expect(found.recallAtFalsePositiveRate['0.01']).toBeCloseTo(expected.recall_at_1pct_fpr, 12)
    expect(found.recallAtFalsePositiveRate['0.001']).toBeCloseTo(expected['recall_at_0.1pct_fpr'], 12)
  })
})
