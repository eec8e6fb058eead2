import { looksLikePan } from '../../domain/pan.ts'
import type { Refused } from '../../domain/received.ts'
import type { RawRecord } from '../record.ts'
import type { Fault, Fields } from './check.ts'
import type { Unread } from './codec.ts'
import { keptBeside } from './beside.ts'
import { holdsContact } from './contacts.ts'
import { panAmong, panBeside, panWithin, textOf } from './pans.ts'
import { attempt as checkAttempt, isId } from './values.ts'

/** The ids by which a refused payment can still be answered. */
export type ReadableIds = Pick<Refused, 'paymentId' | 'attempt' | 'accountId'>

/** What else may not be kept of a record, and is in it. */
export type Unkept = (bytes: Buffer | null, partial: Fields) => Fault | null

/**
 * A dead letter to be. A card number anywhere in the record counts before every other fault, since it decides what
 * may be kept: then neither bytes nor headers are, nor a key that is a card number.
 * @param unkept counts next, and leaves as little behind
 */
export const refuse = (
  record: RawRecord,
  { fault, partial }: Unread,
  ids: ReadableIds,
  unkept: Unkept = () => null,
): Refused => {
  const { topic, partition, offset, timestamp, value, enteredAt } = record
  const { key, headers } = keptBeside(record)
  const pan = fault.reason === 'PAN_DETECTED' ? fault : panAnywhere(record, partial)
  const secret = pan ?? unkept(record.value, partial)
  const { reason, detail, field } = secret ?? fault
  return {
    source: { topic, partition, offset, timestamp, headers: secret === null ? headers : {} },
    key: secret !== null && key !== null && isUnkept(key) ? null : key,
    bytes: secret === null ? value : null,
    byteLength: value?.length ?? 0,
    reason,
    detail,
    field,
    ...ids,
    enteredAt,
  }
}

const isUnkept = (key: Buffer): boolean => {
  const text = key.toString('latin1')
  return looksLikePan(text) || holdsContact(text)
}

const panAnywhere = (record: RawRecord, partial: Fields): Fault | null =>
  panWithin(partial) ?? panBeside(record) ?? (record.value === null ? null : panAmong(record.value))

/** For the topics whose records nobody waits for an answer to. */
export const noIds: ReadableIds = { paymentId: null, attempt: null, accountId: null }

/**
 * From the record itself, else from its header `payment-id` and its key, which is the account.
 * An id that looks like a card number is never given on, and no header stands in for it.
 */
export const readableIds = ({ headers, key }: RawRecord, partial: Fields): ReadableIds => {
  const stated = partial['paymentId']
  const isCard = (typeof stated === 'string' || typeof stated === 'number') && looksLikePan(`${stated}`)
  return {
    paymentId: isCard ? null : (token(stated) ?? token(textOf(headers['payment-id']))),
    attempt: attemptOf(partial['attempt']),
    accountId: token(partial['accountId']) ?? token(key === null ? null : key.toString('latin1')),
  }
}

const token = (value: unknown): string | null => (isId(value) && !looksLikePan(value) ? value : null)

const attemptOf = (value: unknown): number | null =>
  typeof value === 'number' && checkAttempt(value) === null ? value : null
