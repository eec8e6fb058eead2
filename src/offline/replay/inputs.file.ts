import type { Outcome } from '../../domain/outcome.ts'
import { SluiceError } from '../../errors.ts'
import { parseFeatureName } from '../../features/names.ts'
import { time } from '../files/columns.ts'
import {
  decisionFormat,
  deviceHealthFormat,
  feedbackFormat,
  paymentFormat,
  accountEventFormat,
} from '../files/formats.ts'
import { readRecordRows, readRecords } from '../files/records.file.ts'
import type { Row } from '../files/row.ts'
import type { Arrivals } from './arrivals.ts'
import { settlingOutcome } from './replay.ts'

export type ReplayFiles = {
  readonly payments: string
  readonly deviceHealth?: string | undefined
  readonly accountEvents?: string | undefined
  readonly feedback?: string | undefined
  readonly decisions?: string | undefined
}

const recordTimestampOf = (row: Row): number | null => {
  const given = row.get('recordTimestamp')
  if (given === undefined || given === null) return null
  const at = time.take(given)
  if (typeof at === 'number' && Number.isSafeInteger(at)) return at
  throw new SluiceError(
    'FILE_INVALID',
    `${row.file}, line ${row.line}, column recordTimestamp: expected ${time.expected}`,
  )
}

/** In a file's order; `needsTimestamps` refuses a row that has no `recordTimestamp`. @throws SluiceError FILE_INVALID */
export async function* paymentArrivals(file: string, needsTimestamps: boolean): Arrivals {
  for await (const { record: payment, row } of readRecordRows(file, paymentFormat)) {
    const recordTimestamp = recordTimestampOf(row)
    if (needsTimestamps && recordTimestamp === null)
      throw new SluiceError(
        'FILE_INVALID',
        `${file}, line ${row.line}: payment.clock_skew needs a column recordTimestamp`,
      )
    const at = Math.min(payment.occurredAt, recordTimestamp ?? payment.occurredAt)
    yield { at, event: { kind: 'payment', payment, recordTimestamp } }
  }
}

async function* deviceArrivals(file: string): Arrivals {
  for await (const { record: report, row } of readRecordRows(file, deviceHealthFormat))
    yield { at: recordTimestampOf(row) ?? report.observedAt, event: { kind: 'deviceHealth', report } }
}

async function* accountEventArrivals(file: string): Arrivals {
  for await (const { record: event, row } of readRecordRows(file, accountEventFormat))
    yield { at: recordTimestampOf(row) ?? event.occurredAt, event: { kind: 'accountEvent', event } }
}

/** A label counts only from the later of the time that it states and the time that it came. */
async function* feedbackArrivals(file: string): Arrivals {
  for await (const { record: feedback, row } of readRecordRows(file, feedbackFormat))
    yield {
      at: Math.max(feedback.knownAt, recordTimestampOf(row) ?? feedback.knownAt),
      event: { kind: 'feedback', feedback },
    }
}

/** What arrives beside the payments. */
export const sideArrivals = (files: ReplayFiles): readonly Arrivals[] => [
  ...(files.deviceHealth === undefined ? [] : [deviceArrivals(files.deviceHealth)]),
  ...(files.accountEvents === undefined ? [] : [accountEventArrivals(files.accountEvents)]),
  ...(files.feedback === undefined ? [] : [feedbackArrivals(files.feedback)]),
]

export type PaymentKey = { readonly paymentId: string; readonly attempt: number }
export const paymentKey = ({ paymentId, attempt }: PaymentKey): string => `${paymentId} ${attempt}`

/** Outcomes by `paymentKey`. @throws SluiceError FILE_INVALID */
export const readOutcomes = async (file: string): Promise<ReadonlyMap<string, Outcome>> => {
  const outcomes = new Map<string, Outcome>()
  for await (const decision of readRecords(file, decisionFormat))
    outcomes.set(paymentKey(decision), decision.outcome)
  return outcomes
}

/** `paymentKey`s of the payments that feedback lets through or stops after all. @throws SluiceError FILE_INVALID */
export const readSettled = async (file: string): Promise<ReadonlySet<string>> => {
  const settled = new Set<string>()
  for await (const feedback of readRecords(file, feedbackFormat))
    if (settlingOutcome[feedback.kind] !== undefined) settled.add(paymentKey(feedback))
  return settled
}

/** A feature whose input is not given is an error, not a zero. @throws SluiceError USAGE, FEATURE_UNKNOWN */
export const checkInputs = (features: readonly string[], files: ReplayFiles): void => {
  const device = features.find((name) => parseFeatureName(name).family === 'device')
  if (device !== undefined && files.deviceHealth === undefined)
    throw new SluiceError('USAGE', `feature ${device} needs --device-health FILE`)
}
