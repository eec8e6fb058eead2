import type { Redis } from 'ioredis'
import type { Happening } from '../domain/happening.ts'
import type { Outcome } from '../domain/outcome.ts'
import type { Received } from '../domain/received.ts'
import { SluiceError } from '../errors.ts'
import { createAddressing, type Addressed } from './addressing.ts'
import { outcomeAppends, paymentAppends, touchedBy, type Touches } from './appends.ts'
import type { Availability } from './availability.redis.ts'
import type { FoldingOptions } from './folding.redis.ts'
import type { Concluded, Histories, OnHistoriesEvent, ToBase } from './histories.ts'
import { firstPosition } from './history.ts'
import type { Keys } from './keys.ts'
import type { LogStore } from './logStore.ts'
import { createOneNodeLogs } from './nodeLogs.redis.ts'
import { createNoteAppends } from './noteAppends.ts'
import type { Recalled, SlotView } from './recalled.ts'
import type { Recall } from './recall.redis.ts'
import { entitySlots, identityOf } from './record.ts'
import { createWaitingOutcomes } from './waitingOutcomes.ts'

export type HistoriesOptions = {
  readonly keys: Keys
  readonly toBase: ToBase
  /** Epoch milliseconds. */
  readonly now: () => number
  readonly onEvent?: OnHistoriesEvent
  /** How long an entity that is not seen again is remembered; by default as `expiryFor` has it. */
  readonly expiryMs?: number
  /** How long a copy is trusted before its log is read whole again; 10 minutes by default. */
  readonly copyMaxAgeMs?: number
  /**
   * Outcomes wait for the payments that come next and go with them, or for `flush`: a call costs more than what it
   * carries. Without it they go at once.
   */
  readonly outcomesWait?: boolean
  /** How long logs are folded; without it none is. */
  readonly folding?: FoldingOptions
  /** Memory for what Redis missed; 64 MiB by default, about 1,000 batches of 64 payments. */
  readonly missedMaxBytes?: number
}

export type RedisHistoriesDeps = HistoriesOptions & {
  readonly redis: Redis
  readonly availability: Availability
}

export type StoredHistoriesDeps = Pick<HistoriesOptions, 'keys' | 'toBase' | 'outcomesWait'> & {
  readonly logs: LogStore
}

const dayMs = 86_400_000
const mebibyte = 2 ** 20

/** How long an entity that is not seen again is remembered at least, unless something else is said. */
const leastExpiryMs = 120 * dayMs
/** An expiry is set anew once a day, and payments may come a day late. */
const spareMs = 2 * dayMs

/** A log that lapses while windows still reach it would be a new customer: nothing tells of it. */
export const expiryFor = (retentionMs: number): number => Math.max(leastExpiryMs, retentionMs + spareMs)

/** A call touches at most six times as many keys: Redis serves others every few milliseconds. */
const paymentsPerCall = 512
/** Fewer, as payments wait for such a call and nobody waits for a happening. */
const happeningsPerCall = 64

/** More than are ever under way: those that never end are forgotten. */
const batchesUnderWay = 64

const unknownOf = ({ received, hashes, entities }: Addressed, amountBase: number): Recalled => ({
  received,
  hashes,
  amountBase,
  views: entities.map((entity) => entity && 'unknown'),
  coveredSince: entities.map(() => Infinity),
  device: received.payment.deviceId === null ? null : 'unknown',
})

const recalledOf = (
  { received, hashes, entities }: Addressed,
  amountBase: number,
  recall: Recall,
  places: Int32Array,
): Recalled => {
  const identity = identityOf(received, hashes)
  const { deviceId } = received.payment
  return {
    received,
    hashes,
    amountBase,
    views: entities.map((entity, slot): SlotView => {
      if (entity === null) return null
      const history = recall.history(places[slot] ?? -1)
      if (history === 'unknown') return 'unknown'
      const before = firstPosition(history, identity)
      return before < 0 ? 'unknown' : { history, before }
    }),
    coveredSince: entities.map((entity) => (entity === null ? Infinity : recall.coveredSince(entity))),
    device: deviceId === null ? null : recall.device(deviceId),
  }
}

/** A batch and where its entities' histories are. */
type Remembered = {
  readonly batch: readonly Received[]
  readonly addressed: readonly Addressed[]
  readonly touches: Touches
}

const slices = <T>(list: readonly T[], length: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(list.length / length) }, (_, i) => list.slice(i * length, (i + 1) * length))

/** With the defaults of what was left open. */
export const logOptions = ({
  keys,
  now,
  onEvent,
  expiryMs,
  copyMaxAgeMs,
  folding,
  missedMaxBytes,
}: HistoriesOptions) => ({
  keys,
  now,
  onEvent: onEvent ?? (() => undefined),
  expiryMs: expiryMs ?? expiryFor(folding?.retentionMs ?? 0),
  copyMaxAgeMs: copyMaxAgeMs ?? 600_000,
  folding: folding ?? null,
  missedMaxBytes: missedMaxBytes ?? 64 * mebibyte,
})

/** Histories that all instances share: one script call for a batch, a second one only where a log is another one. */
export const createRedisHistories = (deps: RedisHistoriesDeps): Histories =>
  createStoredHistories({
    ...deps,
    logs: createOneNodeLogs({
      redis: deps.redis,
      availability: deps.availability,
      ...logOptions(deps),
    }),
  })

/** Histories in logs, wherever those are. */
export const createStoredHistories = (deps: StoredHistoriesDeps): Histories => {
  const { logs, keys, toBase } = deps
  const address = createAddressing(keys)
  const noteAppends = createNoteAppends(keys)
  const waiting = createWaitingOutcomes()
  /**
   * Batches under way: mostly the same payments are remembered and concluded together. A list and no map, which would
   * leave a trail of tables behind (`underWay.ts`); a weak one keeps its values through young collections.
   */
  const remembered: Remembered[] = []

  const keepPlaces = (places: Remembered): void => {
    if (remembered.length >= batchesUnderWay) remembered.length = 0
    remembered.push(places)
  }

  const placesOf = (batch: readonly Concluded[]): Omit<Remembered, 'batch'> => {
    const place = remembered.findIndex(({ batch: [first] }) => first?.payment === batch[0]?.received.payment)
    const [earlier] = place < 0 ? [] : remembered.splice(place, 1)
    if (
      earlier?.batch.length === batch.length &&
      earlier.batch.every(({ payment }, i) => payment === batch[i]?.received.payment)
    )
      return earlier
    const addressed = batch.map(({ received }) => address(received))
    return { addressed, touches: touchedBy(addressed) }
  }

  const rememberSome = async (
    batch: readonly Received[],
    outcomes: readonly (Outcome | null)[],
  ): Promise<readonly Recalled[]> => {
    if (batch.length === 0) return []
    const addressed = batch.map(address)
    const amounts = batch.map(({ payment, effectiveAt }) =>
      toBase(payment.amountMinor, payment.currency, effectiveAt),
    )
    const appends = paymentAppends(addressed, amounts, outcomes)
    const attempted = await waiting.sendWith((before) => logs.recall(appends, batch, before))
    keepPlaces({ batch, addressed, touches: appends })
    return addressed.map((each, i) =>
      attempted.answered
        ? recalledOf(
            each,
            amounts[i] ?? NaN,
            attempted.value,
            appends.places.subarray(i * entitySlots, (i + 1) * entitySlots),
          )
        : unknownOf(each, amounts[i] ?? NaN),
    )
  }

  const concludeSome = async (batch: readonly Concluded[]): Promise<void> => {
    const { addressed, touches } = placesOf(batch)
    for (const appends of outcomeAppends(addressed, touches, batch)) {
      if (deps.outcomesWait === true) waiting.add(appends)
      else await logs.append(appends)
    }
  }

  const noteSome = async (batch: readonly Happening[]): Promise<void> => {
    for (const appends of noteAppends(batch))
      if (!(await logs.tryAppend(appends)))
        throw new SluiceError('REDIS_UNAVAILABLE', 'Redis did not take what happened beside payments', {
          retriable: true,
        })
  }

  const flush = (): Promise<void> => waiting.flush(logs.append)

  return {
    remember: async (batch, outcomes = []) => {
      const recalled: Recalled[] = []
      for (const [i, some] of slices(batch, paymentsPerCall).entries())
        recalled.push(
          ...(await rememberSome(some, outcomes.slice(i * paymentsPerCall, (i + 1) * paymentsPerCall))),
        )
      return recalled
    },
    conclude: async (batch) => {
      for (const some of slices(batch, paymentsPerCall)) await concludeSome(some)
    },
    note: async (batch) => {
      for (const some of slices(batch, happeningsPerCall)) await noteSome(some)
    },
    flush,
    close: async () => {
      await flush()
      await logs.close()
    },
  }
}
