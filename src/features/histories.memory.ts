import type { DeviceState } from '../domain/deviceHealth.ts'
import type { Received } from '../domain/received.ts'
import { createAddressing, type Addressed } from './addressing.ts'
import { outcomeAppends, paymentAppends, touchedBy, type Appends } from './appends.ts'
import type { Histories, ToBase } from './histories.ts'
import { appendFrom, createHistory, firstPosition, type History } from './history.ts'
import type { Keys } from './keys.ts'
import { createNoteAppends } from './noteAppends.ts'
import type { HistoryView, Recalled } from './recalled.ts'
import { identityOf } from './record.ts'

export type MemoryHistoriesDeps = {
  readonly keys: Keys
  readonly toBase: ToBase
  /** Epoch milliseconds; the time of an outcome. */
  readonly now: () => number
  readonly deviceState: (deviceId: string) => DeviceState | null
  /** Epoch ms from which on everything is known; by default there was nothing before the first payment. */
  readonly coveredSince?: number
}

/** Histories of one process, without bounds: for replay, training and tests. */
export const createMemoryHistories = (deps: MemoryHistoriesDeps): Histories => {
  const { keys, toBase, now, deviceState, coveredSince = -Infinity } = deps
  const address = createAddressing(keys)
  const noteAppends = createNoteAppends(keys)
  const histories = new Map<string, History>()

  const historyOf = (key: string): History => {
    const held = histories.get(key)
    if (held !== undefined) return held
    const history = createHistory()
    histories.set(key, history)
    return history
  }

  const append = (history: History, { view, recordBytes }: Appends, record: number): void =>
    appendFrom(history, view, record * recordBytes, (record + 1) * recordBytes)

  const appendAll = (appends: Appends): void => {
    for (const { entity, records } of appends.touched)
      for (const record of records) append(historyOf(entity.key), appends, record)
  }

  const recall = (addressed: Addressed, amountBase: number, appends: Appends, index: number): Recalled => {
    const { received, hashes, entities } = addressed
    const identity = identityOf(received, hashes)
    const { deviceId } = received.payment
    return {
      received,
      hashes,
      amountBase,
      views: entities.map((entity): HistoryView | null => {
        if (entity === null) return null
        const history = historyOf(entity.key)
        append(history, appends, index)
        return { history, before: firstPosition(history, identity) }
      }),
      coveredSince: entities.map((entity) => (entity === null ? Infinity : coveredSince)),
      device: deviceId === null ? null : deviceState(deviceId),
    }
  }

  const amountOf = ({ payment, effectiveAt }: Received): number =>
    toBase(payment.amountMinor, payment.currency, effectiveAt)

  return {
    remember: (batch, outcomes) => {
      const amounts = batch.map(amountOf)
      const addressed = batch.map(address)
      const appends = paymentAppends(addressed, amounts, outcomes)
      return Promise.resolve(addressed.map((each, i) => recall(each, amounts[i] ?? NaN, appends, i)))
    },
    conclude: (batch) => {
      const addressed = batch.map(({ received }) => address(received))
      appendAll(outcomeAppends(addressed, touchedBy(addressed), batch, now()))
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
