import { entityTypes } from '../../domain/entity.ts'
import { createAddressing, type Addressed } from '../../features/addressing.ts'
import { outcomeAppends, paymentAppends, type Appends } from '../../features/appends.ts'
import type { ToBase } from '../../features/baseCurrency.ts'
import { bytesOfCopy } from '../../features/copies.ts'
import type { EntityKey } from '../../features/entityKey.ts'
import { fold } from '../../features/fold.ts'
import type { FoldingOptions } from '../../features/folding.redis.ts'
import { appendTo, createHistory, firstPosition, type History } from '../../features/history.ts'
import { slotOfKey, type Keys } from '../../features/keys.ts'
import { createNoteAppends } from '../../features/noteAppends.ts'
import type { Recalled } from '../../features/recalled.ts'
import { entitySlots, identityOf } from '../../features/record.ts'
import { entityBytesOf, type CostStore } from './costStore.ts'

/** The bytes as they would stand in Redis, and what is read from them. */
type Log = { bytes: Buffer; length: number; history: History }

const append = (log: Log, added: Uint8Array): void => {
  if (log.length + added.byteLength > log.bytes.byteLength) {
    const larger = Buffer.alloc(2 * (log.length + added.byteLength))
    log.bytes.copy(larger, 0, 0, log.length)
    log.bytes = larger
  }
  log.bytes.set(added, log.length)
  log.length += added.byteLength
  appendTo(log.history, added)
}

const foldIfLong = (log: Log, options: FoldingOptions): void => {
  if (log.history.payments <= options.foldAbove) return
  const folded = fold(log.bytes.subarray(0, log.length), options)
  if (folded === null) return
  log.bytes = Buffer.from(folded)
  log.length = folded.byteLength
  log.history = createHistory(log.bytes)
}

/** Histories whose bytes are those in Redis, without one. */
export const createMemoryCostStore = (keys: Keys, toBase: ToBase, folding: FoldingOptions): CostStore => {
  const address = createAddressing(keys)
  const noteAppends = createNoteAppends(keys)
  const logs = entityTypes.map(() => new Map<string, Log>())

  const logOf = ({ key }: EntityKey): Log => {
    const ofSlot = logs[slotOfKey(key)]
    const held = ofSlot?.get(key)
    if (held !== undefined) return held
    const made: Log = { bytes: Buffer.alloc(0), length: 0, history: createHistory() }
    ofSlot?.set(key, made)
    return made
  }

  const appendAll = ({ touched, records, recordBytes }: Appends): void => {
    for (const { entity, records: numbers } of touched)
      for (const number of numbers)
        append(logOf(entity), records.subarray(number * recordBytes, (number + 1) * recordBytes))
  }

  const foldAll = ({ touched }: Appends): void => {
    for (const { entity } of touched) foldIfLong(logOf(entity), folding)
  }

  const recalledOf = ({ received, hashes, entities }: Addressed, amountBase: number): Recalled => {
    const identity = identityOf(received, hashes)
    return {
      received,
      hashes,
      amountBase,
      views: entities.map((entity) => {
        if (entity === null) return null
        const { history } = logOf(entity)
        return { history, before: firstPosition(history, identity) }
      }),
      coveredSince: Array.from({ length: entitySlots }, () => -Infinity),
      device: null,
    }
  }

  return {
    remember: (batch) => {
      const addressed = batch.map(address)
      const amounts = batch.map(({ payment, effectiveAt }) =>
        toBase(payment.amountMinor, payment.currency, effectiveAt),
      )
      const appends = paymentAppends(addressed, amounts)
      appendAll(appends)
      const recalled = addressed.map((each, i) => recalledOf(each, amounts[i] ?? NaN))
      const concluded = batch.map((received) => ({ received, outcome: 'ALLOW' as const }))
      outcomeAppends(addressed, appends, concluded).forEach(appendAll)
      foldAll(appends)
      return Promise.resolve(recalled)
    },
    note: (batch) => {
      for (const appends of noteAppends(batch)) appendAll(appends)
      return Promise.resolve()
    },
    sizes: () =>
      Promise.resolve(
        logs.map((ofSlot, slot) =>
          entityBytesOf(
            slot,
            [...ofSlot.values()].map(({ length, history }) => ({
              logBytes: length,
              redisBytes: null,
              copyBytes: bytesOfCopy(history),
            })),
          ),
        ),
      ),
    close: () => Promise.resolve(),
  }
}
