import type { DeviceState } from '../domain/deviceHealth.ts'
import { entityToken, entityTypes } from '../domain/entity.ts'
import type { Received } from '../domain/received.ts'
import { createAddressing, type Addressed } from './addressing.ts'
import { outcomeAppends, paymentAppends, touchedBy, type Appends } from './appends.ts'
import { positionsAt } from './columns.ts'
import { hashOf, type EntityKey } from './entityKey.ts'
import type { Histories, ToBase } from './histories.ts'
import { appendFrom, createHistory, firstPosition, type History } from './history.ts'
import type { Keys } from './keys.ts'
import { createNoteAppends } from './noteAppends.ts'
import type { HistoryView, Recalled } from './recalled.ts'
import { identityOf } from './record.ts'

export type MemoryHistoriesDeps = {
  readonly keys: Keys
  readonly toBase: ToBase
  readonly deviceState: (deviceId: string) => DeviceState | null
  /** Epoch ms from which on everything is known; by default there was nothing before the first payment. */
  readonly coveredSince?: number
}

/** One look-up a token finds both. */
type Held = { readonly entity: EntityKey; readonly history: History }

type Placed = Addressed & { readonly holds: readonly (Held | null)[] }

const tokenOf = entityTypes.map((type) => entityToken[type])

const newestPosition = ({ words, capacity, payments }: History): number =>
  words[positionsAt(capacity) + payments - 1] ?? -1

/** Histories of one process, without bounds: for replay, training and tests. */
export const createMemoryHistories = (deps: MemoryHistoriesDeps): Histories => {
  const { keys, toBase, deviceState, coveredSince = -Infinity } = deps
  const address = createAddressing(keys)
  const noteAppends = createNoteAppends(keys)
  const histories = new Map<string, History>()
  const held = entityTypes.map(() => new Map<string, Held>())

  const historyOf = (key: string): History => {
    const found = histories.get(key)
    if (found !== undefined) return found
    const history = createHistory()
    histories.set(key, history)
    return history
  }

  const hold = (slot: number, token: string): Held => {
    const found = held[slot]?.get(token)
    if (found !== undefined) return found
    const entity = keys.entity(slot, token)
    const made = { entity, history: historyOf(entity.key) }
    held[slot]?.set(token, made)
    return made
  }

  const append = (history: History, { view, recordBytes }: Appends, record: number): void =>
    appendFrom(history, view, record * recordBytes, (record + 1) * recordBytes)

  const appendAll = (appends: Appends): void => {
    for (const { entity, records } of appends.touched)
      for (const record of records) append(historyOf(entity.key), appends, record)
  }

  const place = (received: Received): Placed => {
    const { payment } = received
    const holds = tokenOf.map((token, slot) => {
      const found = token(payment)
      return found === null ? null : hold(slot, found)
    })
    const { low: idLow, high: idHigh } = keys.paymentHash(payment.paymentId)
    const hashes = { idLow, idHigh, entities: holds.map((each) => (each === null ? 0 : hashOf(each.entity))) }
    return { received, hashes, entities: holds.map((each) => each?.entity ?? null), holds }
  }

  const recall = (placed: Placed, amountBase: number, appends: Appends, index: number): Recalled => {
    const { received, hashes, holds } = placed
    const identity = identityOf(received, hashes)
    const { deviceId } = received.payment
    return {
      received,
      hashes,
      amountBase,
      views: holds.map((each): HistoryView | null => {
        if (each === null) return null
        const { history } = each
        const earlier = history.payments
        append(history, appends, index)
        // One that came for the first time is the newest: no need to search for it.
        const before = history.payments > earlier ? newestPosition(history) : firstPosition(history, identity)
        return { history, before }
      }),
      coveredSince: holds.map((each) => (each === null ? Infinity : coveredSince)),
      device: deviceId === null ? null : deviceState(deviceId),
    }
  }

  const amountOf = ({ payment, effectiveAt }: Received): number =>
    toBase(payment.amountMinor, payment.currency, effectiveAt)

  return {
    remember: (batch, outcomes) => {
      const amounts = batch.map(amountOf)
      const placed = batch.map(place)
      const appends = paymentAppends(placed, amounts, outcomes)
      return Promise.resolve(placed.map((each, i) => recall(each, amounts[i] ?? NaN, appends, i)))
    },
    conclude: (batch) => {
      const addressed = batch.map(({ received }) => address(received))
      outcomeAppends(addressed, touchedBy(addressed), batch).forEach(appendAll)
      return Promise.resolve()
    },
    note: (batch) => {
      for (const appends of noteAppends(batch)) appendAll(appends)
      return Promise.resolve()
    },
    flush: () => Promise.resolve(),
    close: () => Promise.resolve(),
  }
}
