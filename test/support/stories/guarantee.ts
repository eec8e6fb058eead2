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

type Earlier = ReturnType<typeof withoutRepeats>[number]

/** Declined elsewhere after it was folded, it leaves the others of its bucket where they were. */
const wasAccepted = ({ told }: Earlier): boolean =>
  told.some(({ outcome }) => outcome === 'ALLOW' || outcome === 'STEP_UP_PASSED')

/**
 * What is told of a payment after it was folded is told of one of its time: a decline of one that was allowed, and a
 * passed step-up of one that nothing became of.
 */
const mayBeMistaken = (earlier: Earlier): boolean => {
  const placesOf = (...outcomes: readonly string[]): readonly number[] =>
    earlier.told.filter(({ outcome }) => outcomes.includes(outcome)).map(({ place }) => place)
  const passed = Math.max(...placesOf('STEP_UP_PASSED'))
  return (
    (placesOf('DECLINED').length > 0 && !wasAccepted(earlier)) ||
    placesOf('BLOCK', 'ALLOW', 'DECLINED').some((place) => place <= passed)
  )
}

/** What counts or adds up, and how much of it each payment was at some time. */
const added: Readonly<Record<string, (earlier: Earlier) => number>> = {
  count: () => 1,
  sum: ({ payment }) => payment.amount,
  accepted_count: (earlier) => (wasAccepted(earlier) ? 1 : 0),
}
const ofOutcomes = ['blocked_count', 'declined_count', 'stepup_failed']
const counted = [...ofOutcomes, 'login_failed', 'fraud_count']
const runs = ['fraud_run', 'fraud_run_usual'].flatMap((run) => [
  run,
  `${run}_since`,
  `${run}_min`,
  `${run}_max`,
])
const ofRuns = ['since_genuine', ...runs]
const ofLabels = ['fraud_count', 'fraud_rate', 'since_fraud', ...ofRuns]
const ofLabelledPayments = ['fraud_rate', ...ofRuns]

const total = (numbers: readonly number[]): number => numbers.reduce((sum, each) => sum + each, 0)

type Parsed = {
  readonly measure: string
  readonly entity: EntityType
  readonly partner: EntityType | undefined
  readonly isDelayed: boolean
  /** Its window, epoch ms. */
  readonly start: number
  readonly end: number
}

const parse = (name: string, { effectiveAt }: OraclePayment, { retentionMs }: OracleSettings): Parsed => {
  const [subject = '', measure = '', span] = name.split('.')
  const [window, delay] = span?.split('@') ?? []
  const [entity, partner] = subject.split('_') as [EntityType, EntityType | undefined]
  const reachMs = window === undefined ? retentionMs : lengthMs(window)
  const delayMs = delay === undefined ? 0 : lengthMs(delay)
  const end = effectiveAt - delayMs
  const windows = measure === 'peak' ? 4 : 1
  return { measure, entity, partner, isDelayed: delay !== undefined, start: end - reachMs * windows, end }
}

/** What the payment sees of the entity, and which of those payments may be folded: all but the newest. */
const seenOf = ({ entity }: Parsed, { self, log, isRepeated }: Asked, { keep }: Limits) => {
  const seen = seenBy(self, entity, log)
  const paid = withoutRepeats(seen)
  return { seen, paid, older: isRepeated ? paid : paid.slice(0, -keep) }
}
type Seen = ReturnType<typeof seenOf>

/** Whether the window may reach what is no longer told apart. */
const reachesFolded = (
  { measure, start }: Parsed,
  { seen, older }: Seen,
  { isRepeated, isLate }: Asked,
  { notesPerKind }: Limits,
): boolean => {
  const foldedPayments = older.some(({ payment }) => payment.effectiveAt > start)
  const noted = noteTimes(measure, Infinity, seen)
  if ((noted === null && !ofRuns.includes(measure)) || ofOutcomes.includes(measure)) return foldedPayments
  if (noted !== null && !ofLabels.includes(measure)) return noted.length > notesPerKind
  const labels = seen.flatMap((entry) => (entry.kind === 'label' ? [entry.paymentId] : []))
  const labelled = new Set(labels).size
  // Of several labels of a payment a fold leaves the last one, whenever that became known.
  if (isRepeated || (isLate && labelled < labels.length)) return true
  return labelled > notesPerKind || (ofLabelledPayments.includes(measure) && foldedPayments)
}

const isKnownPartner = (target: EntityType, { older }: Seen, { lastSeenPerSlot }: Limits): boolean =>
  new Set(older.map(({ payment }) => payment.entities[target]).filter((token) => token !== null)).size <=
  lastSeenPerSlot

/** Whether it is near enough, where the window reaches what is folded. */
const isNear = (parsed: Parsed, found: number, expected: number, asked: Asked, limits: Limits): boolean => {
  const { measure, start } = parsed
  const ofSeen = seenOf(parsed, asked, limits)
  const endsEarlier = parsed.isDelayed || asked.isLate
  // What came after its first record weighs in what is folded.
  if (asked.isRepeated) return true
  if (parsed.partner !== undefined) return Number.isNaN(found)
  if (measure.startsWith('distinct_')) {
    if (endsEarlier && Number.isNaN(found)) return true
    if (isKnownPartner(measure.slice('distinct_'.length) as EntityType, ofSeen, limits)) return false
    // An estimate; there is a payment for each of them.
    const paidIn = ofSeen.paid.filter(({ payment }) => payment.effectiveAt > start).length
    return endsEarlier || found <= (1 + limits.share) * paidIn + 1.5
  }
  if (measure === 'since_last' || measure === 'is_new') return endsEarlier && Number.isNaN(found)
  if (ofRuns.includes(measure)) return endsEarlier || Number.isNaN(found)
  const add = added[measure]
  if (add !== undefined) {
    const paidSince = (time: number) => ofSeen.paid.filter(({ payment }) => payment.effectiveAt > time)
    const since = (time: number): number => total(paidSince(time).map(add))
    const isAccepted = measure === 'accepted_count'
    // A bucket may be cut at the window's start and another one at its end.
    const cut = since(start) + (endsEarlier ? since(parsed.end) : isAccepted ? 0 : expected - since(start))
    const mistaken = isAccepted ? paidSince(start).filter(mayBeMistaken).length : 0
    return isClose(found, expected, limits.share * cut + mistaken)
  }
  if (endsEarlier) return true
  if (counted.includes(measure)) return isClose(found, expected, limits.share * Math.abs(expected))
  if (measure === 'mean')
    return isClose(found, expected, (limits.share / (1 - limits.share)) * Math.abs(expected))
  // Of whole buckets, or unknown: no more is promised.
  return true
}

/**
 * Whether a feature's value keeps what docs/velocity.md promises, of a log that may have been folded at any time.
 * Knows nothing of what was folded really: what may be, by the number of newer payments and notes.
 */
export const isPromised = (
  name: string,
  found: number,
  asked: Asked,
  settings: OracleSettings,
  limits: Limits,
): boolean => {
  const expected = oracle(name, asked.self, asked.log, settings).value
  if (isSame(found, expected)) return true
  const parsed = parse(name, asked.self, settings)
  return (
    reachesFolded(parsed, seenOf(parsed, asked, limits), asked, limits) &&
    isNear(parsed, found, expected, asked, limits)
  )
}
