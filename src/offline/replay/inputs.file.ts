import type { AccountEvent } from '../../domain/accountEvent.ts'
import type { ReadReports } from '../../attestation/readReports.ts'
import type { RiskFeedback } from '../../domain/feedback.ts'
import type { Outcome } from '../../domain/outcome.ts'
import { endOfLifeName } from '../../features/vulnerabilityFeatures.ts'
import { SluiceError } from '../../errors.ts'
import { parseFeatureName } from '../../features/names.ts'
import { noteMeasures, type NoteMeasureName, type NoteSource } from '../../features/noteMeasures.ts'
import {
  decisionFormat,
  deviceHealthFormat,
  feedbackFormat,
  paymentFormat,
  accountEventFormat,
} from '../files/formats.ts'
import { readRecordRows, readRecords } from '../files/records.file.ts'
import type { RowFormat } from '../files/row.ts'
import type { Arrival, Arrivals } from './arrivals.ts'
import { recordTimestampOf } from './recordTimestamp.ts'
import { vulnerabilityArrivals } from './vulnerabilities.file.ts'

export type ReplayFiles = {
  readonly payments: string
  readonly deviceHealth?: string | undefined
  readonly accountEvents?: string | undefined
  readonly feedback?: string | undefined
  readonly decisions?: string | undefined
  readonly vulnerabilities?: string | undefined
  readonly threatIntel?: string | undefined
  /** A folder of pages of endoflife.date. */
  readonly osEndOfLife?: string | undefined
}

/** In a file's order; `needsTimestamps` refuses a row that has no `recordTimestamp`. @throws SluiceError FILE_INVALID */
export async function* paymentArrivals(file: string, needsTimestamps: boolean): Arrivals {
  for await (const some of readRecordRows(file, paymentFormat)) {
    yield some.map(({ record: payment, row }): Arrival => {
      const recordTimestamp = recordTimestampOf(row)
      if (needsTimestamps && recordTimestamp === null)
        throw new SluiceError(
          'FILE_INVALID',
          `${file}, line ${row.line}: payment.clock_skew needs a column recordTimestamp`,
        )
      const at = recordTimestamp ?? payment.occurredAt
      return { at, event: { kind: 'payment', payment, recordTimestamp } }
    })
  }
}

async function* sideArrivals<T>(
  file: string,
  format: RowFormat<T>,
  arrivalOf: (record: T, recordTimestamp: number | null) => Arrival,
): Arrivals {
  for await (const some of readRecordRows(file, format))
    yield some.map(({ record, row }) => arrivalOf(record, recordTimestampOf(row)))
}

/** Documents are read and verified as they were online, each row being one record. */
async function* reportArrivals(file: string, readReports: ReadReports): Arrivals {
  let count = 0
  for await (const some of readRecordRows(file, deviceHealthFormat)) {
    const arrived = some.map(({ record, row }) => ({
      report: record,
      owner: `row ${++count}`,
      arrivedAt: recordTimestampOf(row) ?? record.observedAt,
    }))
    const read = await readReports(arrived)
    yield read.map(({ health }, i) => ({
      at: arrived[i]?.arrivedAt ?? health.observedAt,
      event: { kind: 'deviceHealth', report: health },
    }))
  }
}

const eventArrival = (event: AccountEvent, recordTimestamp: number | null): Arrival => ({
  at: recordTimestamp ?? event.occurredAt,
  event: { kind: 'accountEvent', event, recordTimestamp },
})

/** A label counts only from the later of the time that it states and the time that it came. */
const feedbackArrival = (feedback: RiskFeedback, recordTimestamp: number | null): Arrival => ({
  at: Math.max(feedback.knownAt, recordTimestamp ?? feedback.knownAt),
  event: { kind: 'feedback', feedback, recordTimestamp },
})

/** What arrives beside the payments. */
export const besidePayments = (
  { deviceHealth, accountEvents, feedback, vulnerabilities }: ReplayFiles,
  readReports: ReadReports,
): readonly Arrivals[] => [
  ...(vulnerabilities === undefined ? [] : [vulnerabilityArrivals(vulnerabilities)]),
  ...(deviceHealth === undefined ? [] : [reportArrivals(deviceHealth, readReports)]),
  ...(accountEvents === undefined ? [] : [sideArrivals(accountEvents, accountEventFormat, eventArrival)]),
  ...(feedback === undefined ? [] : [sideArrivals(feedback, feedbackFormat, feedbackArrival)]),
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

const optionOf: Readonly<Record<NoteSource, { readonly option: string; readonly input: keyof ReplayFiles }>> =
  {
    feedback: { option: '--feedback', input: 'feedback' },
    accountEvents: { option: '--account-events', input: 'accountEvents' },
    decisions: { option: '--decisions', input: 'decisions' },
  }

const isNoteMeasure = (measure: string): measure is NoteMeasureName => measure in noteMeasures

/** What is about holes in a device's system needs the device's version too. */
const missingOfSystems = (name: string, files: ReplayFiles): string | null => {
  if (files.deviceHealth === undefined) return '--device-health'
  if (name === endOfLifeName) return files.osEndOfLife === undefined ? '--os-end-of-life' : null
  return files.vulnerabilities === undefined ? '--vulnerabilities' : null
}

/** The option that the feature needs and does not have, or null. */
const missingInput = (name: string, files: ReplayFiles): string | null => {
  const spec = parseFeatureName(name)
  if (spec.family === 'vulnerability') return missingOfSystems(name, files)
  if (spec.family === 'intel') return files.threatIntel === undefined ? '--threat-intel' : null
  if (spec.family === 'device') return files.deviceHealth === undefined ? '--device-health' : null
  if (spec.family !== 'velocity' || !isNoteMeasure(spec.measure)) return null
  const { option, input } = optionOf[noteMeasures[spec.measure].source]
  return files[input] === undefined ? option : null
}

/** A feature whose input is not given is an error, not a zero. @throws SluiceError USAGE, FEATURE_UNKNOWN */
export const checkInputs = (features: readonly string[], files: ReplayFiles): void => {
  for (const name of features) {
    const missing = missingInput(name, files)
    if (missing !== null)
      throw new SluiceError(
        'USAGE',
        `feature ${name} needs ${missing} ${missing === '--os-end-of-life' ? 'DIR' : 'FILE'}`,
      )
  }
}
