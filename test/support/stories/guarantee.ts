import type { EntityType } from '../../../src/domain/entity.ts'
import { oracle, type OracleSettings } from '../oracle.ts'
import type { OracleEntry, OraclePayment } from '../oracleEntries.ts'
import { noteTimes } from '../oracleNotes.ts'
import { seenBy, withoutRepeats } from '../oracleSeen.ts'
import { day, hour, minute, second } from '../pasts.ts'

/** How logs are folded, as far as it is promised; see docs/velocity.md. */
export type Limits = {
  readonly keep: number
  readonly share: number
  readonly notesPerKind: number
  readonly lastSeenPerSlot: number
}

/** A payment and all that was told before it was asked about. */
export type Asked = {
  readonly self: OraclePayment
  readonly log: readonly OracleEntry[]
  /** It came before already: what became of others since may show in what is folded. */
  readonly isRepeated: boolean
  /** Its windows end before the newest of what was told. */
  readonly isLate: boolean
}

const unitMs: Readonly<Record<string, number>> = { s: second, m: minute, h: hour, d: day }
const lengthMs = (window: string): number => Number(window.slice(0, -1)) * (unitMs[window.slice(-1)] ?? NaN)

const isClose = (found: number, expected: number, error: number): boolean =>
  Math.abs(found - expected) <= error + 1e-6
const isSame = (found: number, expected: number): boolean =>
  Object.is(found, expected) || isClose(found, expected, 1e-9 * Math.abs(expected))

/** What counts or adds up, and what each payment adds. */
const added: Readonly<Record<string, (amount: number, allowed: boolean) => number>> = {
  count: () => 1,
  sum: (amount) => amount,
  accepted_count: (_, allowed) => (allowed ? 1 : 0),
}
const ofOutcomes = ['blocked_count', 'declined_count', 'stepup_failed']
const ofLabels = ['fraud_count', 'fraud_rate', 'since_fraud']

const total = (numbers: readonly number[]): number => numbers.reduce((sum, each) => sum + each, 0)

/**
 * Whether a feature's value keeps what docs/velocity.md promises, of a log that may have been folded at any time.
 * Knows nothing of what was folded really: what may be, by the number of newer payments and notes.
 */
export const isPromised = (
  name: string,
  found: number,
  { self, log, isRepeated, isLate }: Asked,
  settings: OracleSettings,
  limits: Limits,
): boolean => {
  const expected = oracle(name, self, log, settings).value
  if (isSame(found, expected)) return true
  const [subject = '', measure = '', span] = name.split('.')
  const [window, delay] = span?.split('@') ?? []
  const [entity, partner] = subject.split('_') as [EntityType, EntityType | undefined]
  const start =
    self.effectiveAt -
    (delay === undefined ? 0 : lengthMs(delay)) -
    (window === undefined ? settings.retentionMs : lengthMs(window))

  const seen = seenBy(self, entity, log)
  const paid = withoutRepeats(seen)
  const older = isRepeated ? paid : paid.slice(0, -limits.keep)
  const foldedPayments = older.some(({ payment }) => payment.effectiveAt > start)
  const noted = noteTimes(measure, Infinity, seen)
  const labels = seen.flatMap((entry) => (entry.kind === 'label' ? [entry.paymentId] : []))
  const labelled = new Set(labels).size
  // Of several labels of a payment a fold leaves the last one.
  if (ofLabels.includes(measure) && (isRepeated || (isLate && labelled < labels.length))) return true
  const notes = ofLabels.includes(measure) ? labelled : (noted?.length ?? 0)
  const foldedNotes =
    noted !== null && (ofOutcomes.includes(measure) ? foldedPayments : notes > limits.notesPerKind)
  if (!(noted === null ? foldedPayments : foldedNotes || (measure === 'fraud_rate' && foldedPayments)))
    return false

  // What came after its first record weighs in what is folded.
  if (isRepeated) return true
  if (partner !== undefined) return Number.isNaN(found)
  if (noted !== null && isLate) return true
  const add = added[measure]
  if (delay !== undefined || isLate) {
    if (add === undefined) return true
    const since = paid.filter(({ payment }) => payment.effectiveAt > start)
    const all = total(since.map(({ payment, allowed }) => add(payment.amount, allowed)))
    return isClose(found, expected, limits.share * all)
  }
  if (add !== undefined || ofOutcomes.includes(measure) || ['login_failed', 'fraud_count'].includes(measure))
    return isClose(found, expected, limits.share * Math.abs(expected))
  if (measure === 'mean')
    return isClose(found, expected, (limits.share / (1 - limits.share)) * Math.abs(expected))
  if (measure === 'since_last' || measure === 'is_new') return false
  if (measure.startsWith('distinct_')) {
    const target = measure.slice('distinct_'.length) as EntityType
    const met = new Set(
      older.map(({ payment }) => payment.entities[target]).filter((token) => token !== null),
    )
    return met.size > limits.lastSeenPerSlot
  }
  // Of whole buckets, or unknown: nothing is promised but that it is a number or not known.
  return true
}
