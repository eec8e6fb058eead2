import { entityTypes } from '../../src/domain/entity.ts'
import type { AccountEventKind } from '../../src/domain/accountEvent.ts'
import type { Received } from '../../src/domain/received.ts'
import { createHistory, firstPosition, type History } from '../../src/features/history.ts'
import type { Recalled } from '../../src/features/recalled.ts'
import {
  askedRecordBytes,
  contentBits,
  encodeEventRecord,
  encodeLabelRecord,
  encodeOutcomeRecord,
  encodePaymentRecord,
  eventRecordBytes,
  identityOf,
  labelRecordBytes,
  outcomeRecordBytes,
  paymentRecordBytes,
  type LabelCode,
  type OutcomeCode,
  type PaymentHashes,
} from '../../src/features/record.ts'
import type { OracleSettings } from './oracle.ts'
import { entitiesOf, type OracleEntry, type OraclePayment } from './oracleEntries.ts'
import { aReceived } from './payments.ts'

/** A short text as a number that differs for different texts: a stand-in for the keyed hash. */
const numberOf = (text: string): number => {
  let number = 0
  for (const character of text) number = number * 37 + Number.parseInt(character, 36) + 1
  return number >>> 0
}

/** Low halves agree often, high ones never. */
const idOf = (id: string): { readonly idLow: number; readonly idHigh: number } => ({
  idLow: numberOf(id) % 7,
  idHigh: numberOf(id),
})

export const hashesOf = ({ paymentId, entities }: OraclePayment): PaymentHashes => ({
  ...idOf(paymentId),
  entities: entityTypes.map((entity) => (entities[entity] === null ? 0 : numberOf(entities[entity]))),
})

export const receivedOf = ({
  paymentId,
  attempt,
  contentHash,
  effectiveAt,
  amount,
  entities,
  place,
}: OraclePayment): Received => ({
  ...aReceived({
    paymentId,
    attempt,
    occurredAt: effectiveAt,
    amountMinor: amount,
    accountId: entities.account ?? '',
    cardToken: entities.card,
    deviceId: entities.device,
    ipAddress: entities.ip,
    payeeId: entities.payee,
    merchantId: entities.merchant,
    latitude: place?.latitude ?? null,
    longitude: place?.longitude ?? null,
  }),
  contentHash,
})

const source = { partition: 0, offset: 0 }

const written = (byteLength: number, write: (view: DataView) => void): Uint8Array => {
  const bytes = new Uint8Array(byteLength)
  write(new DataView(bytes.buffer))
  return bytes
}

const encode = (entry: OracleEntry): Uint8Array => {
  if (entry.kind === 'label') {
    const { knownAt, occurredAt } = entry
    const label = entry.label as LabelCode
    return written(labelRecordBytes, (view) =>
      encodeLabelRecord(view, 0, { ...idOf(entry.paymentId), label, knownAt, occurredAt, ...source }),
    )
  }
  if (entry.kind === 'event') {
    const kind = entry.event as AccountEventKind
    return written(eventRecordBytes, (view) =>
      encodeEventRecord(view, 0, { ...idOf(entry.eventId), kind, effectiveAt: entry.at, ...source }),
    )
  }
  const { payment } = entry
  const hashes = hashesOf(payment)
  const outcome = entry.outcome as OutcomeCode
  if (entry.kind === 'payment') {
    return written(paymentRecordBytes, (view) =>
      encodePaymentRecord(view, 0, receivedOf(payment), hashes, payment.amount, outcome),
    )
  }
  const { reasons } = entry
  return written(reasons === undefined ? outcomeRecordBytes : askedRecordBytes, (view) =>
    encodeOutcomeRecord(view, 0, {
      ...idOf(payment.paymentId),
      attempt: payment.attempt,
      content: entry.contentKnown ? contentBits(payment.contentHash) : null,
      outcome,
      effectiveAt: payment.effectiveAt,
      ...source,
      ...(reasons === undefined ? {} : { reasons }),
    }),
  )
}

/** The bytes of the entries as one log. */
export const logBytes = (entries: readonly OracleEntry[]): Uint8Array => Buffer.concat(entries.map(encode))

/** The history of one of the payment's entities: every entry in which the same entity has a part. */
export const historyOf = (
  self: OraclePayment,
  slot: number,
  entries: readonly OracleEntry[],
  read: (bytes: Uint8Array) => History = createHistory,
): History => {
  const entity = entityTypes[slot] ?? 'account'
  return read(logBytes(entries.filter((entry) => entitiesOf(entry)[entity] === self.entities[entity])))
}

/** What a store would recall for the payment if these entries had been written. */
export const recalledOf = (
  self: OraclePayment,
  entries: readonly OracleEntry[],
  settings: OracleSettings,
  read: (bytes: Uint8Array) => History = createHistory,
): Recalled => {
  const received = receivedOf(self)
  const hashes = hashesOf(self)
  const identity = identityOf(received, hashes)
  return {
    received,
    hashes,
    amountBase: self.amount,
    coveredSince: entityTypes.map((entity) => settings.coveredSince[entity]),
    device: null,
    views: entityTypes.map((entity, slot) => {
      if (self.entities[entity] === null) return null
      if (settings.unreadable.includes(entity)) return 'unknown'
      const history = historyOf(self, slot, entries, read)
      const first = firstPosition(history, identity)
      return { history, before: first < 0 ? history.byteLength : first }
    }),
  }
}
