import { parseArgs } from 'node:util'
import { SluiceError } from '../errors.ts'
import type { ScoredPayment } from '../offline/metrics/cardPrecision.ts'
import { evaluate, type Evaluation } from '../offline/metrics/evaluation.ts'
import { withoutKnownFraud } from '../offline/metrics/knownFraud.ts'
import { type Labels, readLabels } from '../offline/training/labels.file.ts'
import { readScores, type Scores } from '../offline/training/scores.file.ts'
import { required, timeOf } from './options.ts'

export const summary = 'measure scores against labels'

const help = `Usage: sluice evaluate --scores FILE --labels FILE [options]

  --scores FILE             CSV: paymentId, score
  --labels FILE             CSV: paymentId, occurredAt, accountId, fraud (0 or 1), knownAt

Options:
  --from TIME               only payments at or after it
  --to TIME                 only payments before it
  --remove-known-since DATE leave out accounts with a fraud since DATE that was known before the payment's day
  --json                    print the result as JSON
`

const options = {
  scores: { type: 'string' },
  labels: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  'remove-known-since': { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

const join = (scores: Scores, labels: Labels, from: number, to: number): readonly ScoredPayment[] =>
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
  process.stdout.write(values.json ? `${JSON.stringify(evaluation)}\n` : table(evaluation))
  return 0
}
