import type { Redis } from 'ioredis'
import type { DeviceState } from '../domain/deviceHealth.ts'
import type { Received } from '../domain/received.ts'
import type { Appends, Touched } from './appends.ts'
import { createCopies, secondsOf, type Copies } from './copies.ts'
import { createCoverage, type Coverage } from './coverage.ts'
import { createHeldDevices, notHeld } from './heldDevices.ts'
import type { OnHistoriesEvent } from './histories.ts'
import type { History } from './history.ts'
import type { Copy, EntityKey } from './entityKey.ts'
import { coverageKey, type Keys } from './keys.ts'
import { createLogs, type LogsCall, type LogsReply, type LogsRequest } from './logs.redis.ts'
import { readWhole, settle } from './settle.ts'

/** What one batch has read. */
export type Recall = {
  /** By the place of the log among those that the batch touches. */
  history(place: number): History | 'unknown'
  /** Epoch milliseconds. */
  coveredSince(entity: EntityKey): number
  device(deviceId: string): DeviceState | 'unknown' | null
}

export type RecallerDeps = {
  readonly redis: Redis
  readonly keys: Keys
  /** Epoch milliseconds. */
  readonly now: () => number
  readonly onEvent: OnHistoriesEvent
  readonly expiryMs: number
  readonly copyMaxAgeMs: number
  /** A history that is held has become longer. */
  readonly onGrown?: (entity: EntityKey, history: History) => void
  /** What the recallers of several nodes share, as shards move from one to another; by default its own. */
  readonly shared?: { readonly copies: Copies; readonly coverage: Coverage }
}

export type Recaller = {
  /**
   * Appends, and answers with the whole histories that were appended to. Rejects as Redis does.
   * @param before goes ahead in the same write, as by `appendOnly`
   */
  appendAndRecall(appends: Appends, batch: readonly Received[], before: readonly Appends[]): Promise<Recall>
  /** Appends, and brings the copies that are held up to date. Rejects as Redis does. */
  appendOnly(appends: Appends): Promise<void>
  /** The coverage markers of these shards were moved. */
  markersMoved(shards: Iterable<number>): void
  /** The entity's log was folded, and begins with `history` now. */
  folded(entity: EntityKey, history: History): void
}

/** For each log that a batch touches: the copy that was held when the request was made, and its length then. */
type Asked = {
  readonly copies: readonly (Copy | null)[]
  /** -1: no answer is wanted. */
  readonly known: readonly number[]
  readonly folds: readonly number[]
  readonly prolong: readonly (0 | 1)[]
}

const heldDevicesLimit = 50_000

/** Setting an expiry costs as much as an append, so a log that is in use gets it this rarely. */
const prolongEveryMs = (expiryMs: number): number => Math.min(86_400_000, expiryMs / 4)

const recordsOf = ({ records }: Touched): number | readonly number[] =>
  records.length === 1 ? (records[0] ?? 0) : records

const foldsOf = (copy: Copy | null): number => copy?.history.folded?.generation ?? 0

const noAnswers: LogsReply['logs'] = new Map()

export const createRecaller = (deps: RecallerDeps): Recaller => {
  const { keys, now, onEvent, expiryMs } = deps
  const logs = createLogs(deps.redis)
  const copies = deps.shared?.copies ?? createCopies({ now, grew: keys.grew, maxAgeMs: deps.copyMaxAgeMs })
  const coverage = deps.shared?.coverage ?? createCoverage(now)
  const heldDevices = createHeldDevices(heldDevicesLimit, () => onEvent('devices_unreadable', 1))

  const logsPart = ({ recordBytes, touched }: Appends, { known, folds, prolong }: Asked) => ({
    size: recordBytes,
    logs: touched.map(({ entity }) => entity.key),
    records: touched.map(recordsOf),
    known,
    folds,
    prolong,
    expiry: expiryMs,
    now: String(now()),
  })

  const keep = (entity: EntityKey, history: History | 'unknown'): History | 'unknown' => {
    if (history === 'unknown') {
      copies.drop(entity)
      onEvent('logs_unreadable', 1)
    } else {
      copies.keep(entity, history)
      deps.onGrown?.(entity, history)
    }
    return history
  }

  const markProlonged = (asked: Asked): void => {
    asked.copies.forEach((copy, i) => {
      if (copy !== null && asked.prolong[i] === 1) copy.prolongedAtSeconds = secondsOf(now())
    })
  }

  /**
   * Before any log is settled: where a marker has changed, what is held is of the past. Data is lost by the server, not
   * by the shard: of the others nothing is known until their markers are read again.
   */
  const learnMarkers = (shards: readonly number[], { touched }: Appends, reply: LogsReply): void => {
    const changed: (readonly [shard: number, marker: string])[] = []
    shards.forEach((shard, index) => {
      const marker = reply.markers.get(index)
      if (marker === undefined) coverage.confirm(shard)
      else changed.push([shard, marker])
    })
    for (const [index, { marker }] of reply.logs) {
      const shard = touched[index]?.entity.shard
      if (shard !== undefined) changed.push([shard, marker])
    }
    const others = changed.filter(([shard, marker]) => coverage.isOther(shard, marker)).length
    if (others > 0) {
      coverage.forgetAll()
      copies.dropAll()
      onEvent('shards_changed', others)
    }
    for (const [shard, marker] of changed) coverage.learn(shard, marker)
  }

  /** Brings one copy up to date; 'stale': the log must be read again, whole. */
  const settleOne = (
    appends: Appends,
    { entity, records }: Touched,
    copy: Copy | null,
    known: number,
    answer: LogsReply['logs'],
    i: number,
  ): History | 'unknown' | 'stale' => {
    if (copy !== null && !copies.isCurrent(copy)) return 'stale'
    const held = copy?.history ?? null
    const own = { view: appends.view, recordBytes: appends.recordBytes, records }
    const settled = settle(held, known, own, answer.get(i) ?? null)
    if (settled === 'stale') return settled
    if (settled !== held) return keep(entity, settled)
    if (copy !== null) copies.weigh(copy)
    deps.onGrown?.(entity, settled)
    return settled
  }

  const settleAll = (appends: Appends, asked: Asked, replies: LogsReply['logs']) =>
    appends.touched.map((touched, i) =>
      settleOne(appends, touched, asked.copies[i] ?? null, asked.known[i] ?? 0, replies, i),
    )

  const readAgain = async (
    { touched }: Appends,
    settled: readonly (History | 'unknown' | 'stale')[],
  ): Promise<readonly (History | 'unknown')[]> => {
    const again = touched.filter((_, i) => settled[i] === 'stale')
    const whole = again.length === 0 ? [] : await logs.readWhole(again.map(({ entity }) => entity.key))
    if (again.length > 0) onEvent('logs_read_again', again.length)
    const read = again.map(({ entity }, i) => keep(entity, readWhole(whole[i] ?? new Uint8Array(0))))
    let next = 0
    return settled.map((history) => (history === 'stale' ? (read[next++] ?? 'unknown') : history))
  }

  const countReads = (asked: Asked, replies: LogsReply['logs']): void => {
    let whole = 0
    for (const [index] of replies) if (asked.copies[index] === null) whole++
    if (whole > 0) onEvent('logs_read_whole', whole)
    if (replies.size > whole) onEvent('logs_read_beyond', replies.size - whole)
  }

  const deviceIdsOf = (batch: readonly Received[]): readonly string[] => [
    ...new Set(batch.map(({ payment }) => payment.deviceId).filter((deviceId) => deviceId !== null)),
  ]

  /** Whether the expiry of a log is to be set anew. */
  const isDue = (copy: Copy | null): 0 | 1 =>
    copy === null || copy.prolongedAtSeconds * 1000 < now() - prolongEveryMs(expiryMs) ? 1 : 0

  /** What is held is to be known afterwards; what is not held is not wanted. */
  const askHeld = ({ touched }: Appends): Asked => {
    const held = touched.map(({ entity }) => copies.find(entity))
    return {
      copies: held,
      known: held.map((copy) => copy?.history.byteLength ?? -1),
      folds: held.map(foldsOf),
      prolong: held.map(isDue),
    }
  }

  const askAll = ({ touched }: Appends): Asked => {
    const held = touched.map(({ entity }) => copies.find(entity))
    return {
      copies: held,
      known: held.map((copy) => copy?.history.byteLength ?? 0),
      folds: held.map(foldsOf),
      prolong: held.map(isDue),
    }
  }

  /** One in each call, as a server that lost its data lost all of it; the others once a second. */
  const markersToRead = ({ touched }: Appends): readonly number[] => [
    ...new Set(
      touched.map(({ entity }) => entity.shard).filter((shard, i) => i === 0 || coverage.isDue(shard)),
    ),
  ]

  const appendCall = (appends: Appends, asked: Asked): LogsCall => ({
    request: { ...logsPart(appends, asked), markers: [], since: [], devices: [], stamps: [] },
    records: appends.records,
  })

  const settleHeld = (appends: Appends, asked: Asked, reply: LogsReply | undefined): void => {
    if (reply !== undefined) {
      learnMarkers([], appends, reply)
      markProlonged(asked)
    }
    appends.touched.forEach((touched, i) => {
      const copy = asked.copies[i] ?? null
      if (copy === null) return
      const settled = settleOne(appends, touched, copy, asked.known[i] ?? 0, reply?.logs ?? noAnswers, i)
      if (settled === 'stale') copies.drop(touched.entity)
    })
  }

  return {
    appendAndRecall: async (appends, batch, before) => {
      const ahead = before.map((each) => ({ appends: each, asked: askHeld(each) }))
      const asked = askAll(appends)
      const shards = markersToRead(appends)
      const deviceIds = deviceIdsOf(batch)
      const devices = deviceIds.map(keys.deviceState)
      const request: LogsRequest = {
        ...logsPart(appends, asked),
        markers: shards.map(coverageKey),
        since: shards.map(coverage.marker),
        devices,
        stamps: devices.map((key) => heldDevices.get(key)?.stamp ?? notHeld),
      }

      const replies = await logs.inOrder([
        ...ahead.map((each) => appendCall(each.appends, each.asked)),
        { request, records: appends.records },
      ])
      ahead.forEach((each, i) => settleHeld(each.appends, each.asked, replies[i]))
      const reply = replies[ahead.length]
      if (reply === undefined) throw new RangeError('Redis answered too few of the scripts')
      learnMarkers(shards, appends, reply)
      markProlonged(asked)
      countReads(asked, reply.logs)
      const histories = await readAgain(appends, settleAll(appends, asked, reply.logs))

      const states = new Map(
        deviceIds.map((deviceId, i) => {
          const key = devices[i] ?? ''
          const value = reply.devices.get(i)
          const held = value === undefined ? heldDevices.get(key) : heldDevices.learn(key, deviceId, value)
          return [deviceId, held?.state ?? null]
        }),
      )
      return {
        history: (place) => histories[place] ?? 'unknown',
        coveredSince: ({ shard }) => coverage.since(shard),
        device: (deviceId) => states.get(deviceId) ?? null,
      }
    },
    markersMoved: coverage.forget,
    folded: copies.replace,
    appendOnly: async (appends) => {
      const asked = askHeld(appends)
      const { request, records } = appendCall(appends, asked)
      settleHeld(appends, asked, await logs.appendAndRead(request, records))
    },
  }
}
