import type { Happening } from '../domain/happening.ts'
import { createPlacing, tokensOfEvent, type Entities } from './addressing.ts'
import { appendsOf, touchedBy, type Appends } from './appends.ts'
import { feedbackMeaning } from './feedbackMeaning.ts'
import type { Keys } from './keys.ts'
import {
  encodeEventRecord,
  encodeLabelRecord,
  encodeOutcomeRecord,
  eventRecordBytes,
  labelRecordBytes,
  outcomeRecordBytes,
} from './record.ts'

/** One record, by its length, and the places of the entities in whose logs it stands. */
type Noted = {
  readonly entities: Entities
  readonly recordBytes: number
  readonly encode: (view: DataView, at: number) => void
}

type Feedback = Extract<Happening, { readonly kind: 'feedback' }>
type Event = Extract<Happening, { readonly kind: 'accountEvent' }>

const recordSizes = [...new Set([labelRecordBytes, outcomeRecordBytes, eventRecordBytes])]

/** Appends for each length of record, each in the order of the happenings; what says nothing has none. */
export const createNoteAppends = (keys: Keys): ((batch: readonly Happening[]) => readonly Appends[]) => {
  const place = createPlacing(keys)

  const ofFeedback = ({ feedback, cameAt, partition, offset }: Feedback): Noted | null => {
    const meaning = feedbackMeaning[feedback.kind]
    if (meaning === null) return null
    const { low: idLow, high: idHigh } = keys.paymentHash(feedback.paymentId)
    const knownAt = Math.max(feedback.knownAt, cameAt)
    const entities = place(feedback)
    const told = { idLow, idHigh, partition, offset }
    if ('label' in meaning) {
      const entry = { ...told, label: meaning.label, knownAt, occurredAt: feedback.occurredAt }
      return {
        entities,
        recordBytes: labelRecordBytes,
        encode: (view, at) => encodeLabelRecord(view, at, entry),
      }
    }
    const { attempt, occurredAt } = feedback
    const effectiveAt = Math.min(occurredAt, cameAt)
    const entry = { ...told, attempt, content: null, outcome: meaning.outcome, effectiveAt }
    return {
      entities,
      recordBytes: outcomeRecordBytes,
      encode: (view, at) => void encodeOutcomeRecord(view, at, entry),
    }
  }

  const ofEvent = ({ event, cameAt, partition, offset }: Event): Noted => {
    const { low: idLow, high: idHigh } = keys.paymentHash(event.eventId)
    const effectiveAt = Math.min(event.occurredAt, cameAt)
    const entry = { idLow, idHigh, kind: event.kind, effectiveAt, partition, offset }
    return {
      entities: place(tokensOfEvent(event)),
      recordBytes: eventRecordBytes,
      encode: (view, at) => encodeEventRecord(view, at, entry),
    }
  }

  return (batch) => {
    const noted = batch
      .map((each) => (each.kind === 'feedback' ? ofFeedback(each) : ofEvent(each)))
      .filter((each) => each !== null)
    return recordSizes.flatMap((recordBytes) => {
      const some = noted.filter((each) => each.recordBytes === recordBytes)
      if (some.length === 0) return []
      const encode = (view: DataView, at: number, index: number): void => some[index]?.encode(view, at)
      return [appendsOf(some.length, touchedBy(some), recordBytes, -Infinity, encode)]
    })
  }
}
