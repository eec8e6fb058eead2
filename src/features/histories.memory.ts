import type { DeviceState } from '../domain/deviceHealth.ts'
import type { Received } from '../domain/received.ts'
import { createAddressing, type Addressed } from './addressing.ts'
import { bytesFor, outcomeAppends, paymentAppends, type Appends } from './appends.ts'
import type { Histories, ToBase } from './histories.ts'
import { appendTo, createHistory, firstPosition, type History } from './history.ts'
import type { Keys } from './keys.ts'
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
  const histories = new Map<string, History>()

  const historyOf = (key: string): History => {
    const held = histories.get(key)
    if (held !== undefined) return held
    const history = createHistory()
    histories.set(key, history)
    return history
  }

  const recall = (addressed: Addressed, amountBase: number, record: Uint8Array): Recalled => {
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
        appendTo(history, record)
        return { history, before: firstPosition(history, identity) }
      }),
      coveredSince: entities.map((entity) => (entity === null ? Infinity : coveredSince)),
      device: deviceId === null ? null : deviceState(deviceId),
    }
  }

  const append = (appends: Appends): void => {
    for (const touched of appends.touched) appendTo(historyOf(touched.entity.key), bytesFor(appends, touched))
  }

  const amountOf = ({ payment, effectiveAt }: Received): number =>
    toBase(payment.amountMinor, payment.currency, effectiveAt)

  return {
    remember: (batch) => {
      const amounts = batch.map(amountOf)
      const addressed = batch.map(address)
      const { parts } = paymentAppends(addressed, amounts)
      const recalled = parts.flatMap((record, i) => {
        const each = addressed[i]
        return each === undefined ? [] : [recall(each, amounts[i] ?? NaN, record)]
      })
      return Promise.resolve(recalled)
    },
    conclude: (batch) => {
      append(
        outcomeAppends(
          batch.map(({ received }) => address(received)),
          batch,
          now(),
        ),
      )
      return Promise.resolve()
    },
    flush: () => Promise.resolve(),
    close: () => Promise.resolve(),
  }
}
