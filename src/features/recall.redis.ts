import type { Redis } from 'ioredis'
import type { DeviceState } from '../domain/deviceHealth.ts'
import type { Received } from '../domain/received.ts'
import { bytesFor, type Appends, type Touched } from './appends.ts'
import { createCopies, type Copy } from './copies.ts'
import { createCoverage } from './coverage.ts'
import { createHeldDevices, notHeld } from './heldDevices.ts'
import type { OnHistoriesEvent } from './histories.ts'
import type { History } from './history.ts'
import { coverageKey, type EntityKey, type Keys } from './keys.ts'
import { createLogs, type LogsCall, type LogsReply, type LogsRequest } from './logs.redis.ts'
import { readWhole, settle } from './settle.ts'

/** What one batch has read. */
export type Recall = {
  history(entity: EntityKey): History | 'unknown'
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
  readonly copiesMaxBytes: number
  readonly copyMaxAgeMs: number
}

export type Recaller = {
  /**
   * Appends, and answers with the whole histories that were appended to. Rejects as Redis does.
   * @param before goes ahead in the same write, as by `appendOnly`
   */
  appendAndRecall(appends: Appends, batch: readonly Received[], before: readonly Appends[]): Promise<Recall>
  /** Appends, and brings the copies that are held up to date. Rejects as Redis does. */
  appendOnly(appends: Appends): Promise<void>
  /** Memory that the copies of histories take, roughly. */
  copyBytes(): number
}

type Histories = Map<string, History | 'unknown'>

/** A log that a batch appends to, with the copy that was held when the request was made. */
type Asked = {
  readonly touched: Touched
  readonly copy: Copy | null
  readonly knownBytes: number
  readonly prolong: boolean
}

const heldDevicesLimit = 50_000

/** Setting an expiry costs as much as an append, so a log that is in use gets it this rarely. */
const prolongEveryMs = (expiryMs: number): number => Math.min(86_400_000, expiryMs / 4)

const recordsOf = ({ records }: Touched): number | readonly number[] =>
  records.length === 1 ? (records[0] ?? 0) : records

export const createRecaller = (deps: RecallerDeps): Recaller => {
  const { keys, now, onEvent, expiryMs } = deps
  const logs = createLogs(deps.redis)
  const copies = createCopies({ now, maxBytes: deps.copiesMaxBytes, maxAgeMs: deps.copyMaxAgeMs })
  const coverage = createCoverage()
  const heldDevices = createHeldDevices(heldDevicesLimit, () => onEvent('devices_unreadable', 1))

  const logsPart = ({ recordBytes }: Appends, asked: readonly Asked[]) => ({
    size: recordBytes,
    logs: asked.map(({ touched }) => touched.entity.key),
    records: asked.map(({ touched }) => recordsOf(touched)),
    known: asked.map(({ knownBytes }) => knownBytes),
    prolong: asked.map(({ prolong }) => (prolong ? (1 as const) : (0 as const))),
    expiry: expiryMs,
    now: String(now()),
  })

  const keep = (entity: EntityKey, history: History | 'unknown'): History | 'unknown' => {
    if (history === 'unknown') {
      copies.drop(entity)
      onEvent('logs_unreadable', 1)
    } else copies.keep(entity, history)
    return history
  }

  const markProlonged = (asked: readonly Asked[]): void => {
    for (const { copy, prolong } of asked) if (prolong && copy !== null) copy.prolongedAt = now()
  }

  const learnMarkers = (shards: readonly number[], markers: LogsReply['markers']): void => {
    let changed = 0
    for (const [index, marker] of markers) {
      const shard = shards[index] ?? 0
      if (!coverage.learn(shard, marker)) continue
      copies.dropShard(shard)
      changed++
    }
    if (changed > 0) onEvent('shards_changed', changed)
  }

  /** Brings the copies up to date; returns those logs that must be read again, whole. */
  const settleAll = (
    appends: Appends,
    asked: readonly Asked[],
    replies: LogsReply['logs'],
    into: Histories,
  ): readonly Touched[] => {
    const again: Touched[] = []
    asked.forEach(({ touched, copy, knownBytes }, i) => {
      if (knownBytes < 0) return
      const { entity } = touched
      const held = copy?.history ?? null
      const before = held?.byteLength ?? 0
      const settled =
        copy !== null && !copies.isCurrent(entity, copy)
          ? 'stale'
          : settle(held, knownBytes, bytesFor(appends, touched), replies.get(i) ?? null)
      if (settled === 'stale') again.push(touched)
      else if (settled === held) copies.grew(settled.byteLength - before)
      else keep(entity, settled)
      if (settled !== 'stale') into.set(entity.key, settled)
    })
    return again
  }

  const readAgain = async (touched: readonly Touched[], into: Histories): Promise<void> => {
    if (touched.length === 0) return
    onEvent('logs_read_again', touched.length)
    const whole = await logs.readWhole(touched.map(({ entity }) => entity.key))
    touched.forEach(({ entity }, i) => {
      const bytes = whole[i]
      if (bytes !== undefined) into.set(entity.key, keep(entity, readWhole(bytes)))
    })
  }

  const countReads = (asked: readonly Asked[], replies: LogsReply['logs']): void => {
    let whole = 0
    for (const [index] of replies) if (asked[index]?.copy === null) whole++
    if (whole > 0) onEvent('logs_read_whole', whole)
    if (replies.size > whole) onEvent('logs_read_beyond', replies.size - whole)
  }

  const deviceIdsOf = (batch: readonly Received[]): readonly string[] => [
    ...new Set(batch.map(({ payment }) => payment.deviceId).filter((deviceId) => deviceId !== null)),
  ]

  const askHeld = (appends: Appends): readonly Asked[] =>
    appends.touched.map((touched): Asked => {
      const copy = copies.find(touched.entity)
      return { touched, copy, knownBytes: copy?.history.byteLength ?? -1, prolong: false }
    })

  const appendCall = (appends: Appends, asked: readonly Asked[]): LogsCall => ({
    request: { ...logsPart(appends, asked), markers: [], since: [], devices: [], stamps: [] },
    records: appends.records,
  })

  const settleHeld = (appends: Appends, asked: readonly Asked[], reply: LogsReply | undefined): void => {
    const again = settleAll(appends, asked, reply?.logs ?? new Map(), new Map())
    for (const { entity } of again) copies.drop(entity)
  }

  return {
    appendAndRecall: async (appends, batch, before) => {
      const ahead = before.map((each) => ({ appends: each, asked: askHeld(each) }))
      const dueBefore = now() - prolongEveryMs(expiryMs)
      const asked = appends.touched.map((touched): Asked => {
        const copy = copies.find(touched.entity)
        return copy === null
          ? { touched, copy, knownBytes: 0, prolong: true }
          : { touched, copy, knownBytes: copy.history.byteLength, prolong: copy.prolongedAt < dueBefore }
      })
      const shards = [...new Set(appends.touched.map(({ entity }) => entity.shard))]
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
      learnMarkers(shards, reply.markers)
      markProlonged(asked)
      countReads(asked, reply.logs)
      const histories: Histories = new Map()
      await readAgain(settleAll(appends, asked, reply.logs, histories), histories)

      const states = new Map(
        deviceIds.map((deviceId, i) => {
          const key = devices[i] ?? ''
          const value = reply.devices.get(i)
          const held = value === undefined ? heldDevices.get(key) : heldDevices.learn(key, deviceId, value)
          return [deviceId, held?.state ?? null]
        }),
      )
      return {
        history: ({ key }) => histories.get(key) ?? 'unknown',
        coveredSince: ({ shard }) => coverage.since(shard),
        device: (deviceId) => states.get(deviceId) ?? null,
      }
    },
    appendOnly: async (appends) => {
      const asked = askHeld(appends)
      const { request, records } = appendCall(appends, asked)
      settleHeld(appends, asked, await logs.appendAndRead(request, records))
    },
    copyBytes: () => copies.bytes,
  }
}
