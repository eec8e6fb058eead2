import { parseArgs } from 'node:util'
import { SluiceError } from '../errors.ts'
import { readAmounts } from '../offline/metrics/amounts.file.ts'
import type { ScoredPayment } from '../offline/metrics/cardPrecision.ts'
import { evaluate, type Evaluation } from '../offline/metrics/evaluation.ts'
import { withoutKnownFraud } from '../offline/metrics/knownFraud.ts'
import { moneySaved, type MoneySaved } from '../offline/metrics/moneySaved.ts'
import { operatingPoint } from '../offline/metrics/rankMetrics.ts'
import { rank } from '../offline/metrics/ranking.ts'
import { type Labels, readLabels } from '../offline/training/labels.file.ts'
import { readScores, type Scores } from '../offline/training/scores.file.ts'
import { numberOf, required, timeOf } from './options.ts'

export const summary = 'measure scores against labels'

const help = `Usage: sluice evaluate --scores FILE --labels FILE [options]

  --scores FILE             CSV: paymentId, score
  --labels FILE             CSV: paymentId, occurredAt, accountId, fraud (0 or 1), knownAt

Options:
  --from TIME               only payments at or after it
  --to TIME                 only payments before it
  --remove-known-since DATE leave out accounts with a fraud since DATE that was known before the payment's day
  --payments FILE           the payments, for their amounts: says how much money a threshold saves
  --threshold P             a payment with at least this score is stopped; without it, the score at which at most 1 %
                            of the good payments are
  --json                    print the result as JSON
`

const options = {
  scores: { type: 'string' },
  labels: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  'remove-known-since': { type: 'string' },
  payments: { type: 'string' },
  threshold: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

type Identified = ScoredPayment & { readonly paymentId: string }

const join = (scores: Scores, labels: Labels, from: number, to: number): readonly Identified[] =>
  [...scores].flatMap(([paymentId, score]) => {
    const label = labels.get(paymentId)
    if (label === undefined || label.occurredAt < from || label.occurredAt >= to) return []
    return [{ ...label, score }]
  })

/** A payment without a score cannot be put in order: the caller must decide what it stands for. */
const refuseUnscored = (payments: readonly ScoredPayment[], file: string): void => {
  const unscored = payments.filter((payment) => Number.isNaN(payment.score)).length
  if (unscored > 0)
    throw new SluiceError('FILE_INVALID', `${file}: ${unscored} of ${payments.length} payments have no score`)
}

const table = (evaluation: Evaluation): string => {
  const { recallAtFalsePositiveRate: recall } = evaluation
  const lines: readonly (readonly [string, number | null])[] = [
    ['payments', evaluation.rows],
    ['frauds', evaluation.frauds],
    ['area under ROC', evaluation.areaUnderRoc],
    ['average precision', evaluation.averagePrecision],
    ['recall at 0.1 % of good stopped', recall['0.001']],
    ['recall at 0.3 % of good stopped', recall['0.003']],
    ['recall at 1 % of good stopped', recall['0.01']],
    ['Brier score', evaluation.brierScore],
    ['card precision, top 100', evaluation.cardPrecisionAt100],
  ]
  const text = lines.map(([name, value]) => {
    const shown = value === null ? '-' : Number.isInteger(value) ? String(value) : value.toFixed(5)
    return `${name.padEnd(34)}${shown}\n`
  })
  return text.join('')
}

type Money = MoneySaved & { readonly currency: string }

const thresholdOf = (given: string | undefined, payments: readonly ScoredPayment[]): number => {
  if (given !== undefined) return numberOf(given, '--threshold')
  const scores = payments.map(({ score }) => score)
  const labels = payments.map(({ fraud }) => (fraud ? 1 : 0))
  return operatingPoint(rank(scores, labels), 0.01).score
}

const moneyOf = async (payments: readonly Identified[], file: string, threshold: number): Promise<Money> => {
  const { currency, amountMinor } = await readAmounts(
    file,
    new Set(payments.map(({ paymentId }) => paymentId)),
  )
  const priced = payments.map(({ paymentId, score, fraud }) => ({
    score,
    fraud,
    amountMinor: amountMinor.get(paymentId) ?? NaN,
  }))
  return { currency, ...moneySaved(priced, threshold) }
}

const moneyTable = ({ currency, threshold, savedMinor, missedMinor, goodStoppedMinor }: Money): string =>
  (
    [
      ['stopped from score', String(threshold)],
      ['fraud stopped', `${savedMinor} minor units of ${currency}`],
      ['fraud missed', `${missedMinor} minor units of ${currency}`],
      ['good payments stopped', `${goodStoppedMinor} minor units of ${currency}`],
    ] as const
  )
    .map(([name, value]) => `${name.padEnd(34)}${value}\n`)
    .join('')

export const run = async (args: readonly string[]): Promise<number> => {
  const { values } = parseArgs({ args: [...args], options })
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  const scoresFile = required(values.scores, '--scores')
  const labelsFile = required(values.labels, '--labels')
  const from = values.from === undefined ? -Infinity : timeOf(values.from, '--from')
  const to = values.to === undefined ? Infinity : timeOf(values.to, '--to')
  const since = values['remove-known-since']
  const knownSince = since === undefined ? null : timeOf(since, '--remove-known-since')

  const [scores, labels] = [await readScores(scoresFile), await readLabels(labelsFile)]
  const joined = join(scores, labels, from, to)
  if (joined.length === 0)
    throw new SluiceError('FILE_INVALID', `no payment in that time has both a score and a label`)
  refuseUnscored(joined, scoresFile)
  const payments = knownSince === null ? joined : withoutKnownFraud(joined, labels.values(), knownSince)
  const evaluation = evaluate(payments)
  const money =
    values.payments === undefined
      ? null
      : await moneyOf(payments, values.payments, thresholdOf(values.threshold, payments))
  if (money === null && values.threshold !== undefined)
    throw new SluiceError('USAGE', '--threshold needs --payments FILE: amounts are there')
  process.stdout.write(
    values.json
      ? `${JSON.stringify(money === null ? evaluation : { ...evaluation, money })}\n`
      : table(evaluation) + (money === null ? '' : moneyTable(money)),
  )
  return 0
}
