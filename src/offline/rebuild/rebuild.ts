import type { ReadReports } from '../../attestation/readReports.ts'
import { SluiceError } from '../../errors.ts'
import type { FoldingOptions } from '../../features/folding.redis.ts'
import { shardCount } from '../../features/keys.ts'
import { createClaims, type Claims, type Markers, type Phase } from './claims.redis.ts'
import { extentsOf } from './extents.ts'
import { reachOf, type Reach } from './extent.ts'
import { createKeyCheck } from './keyCheck.ts'
import type { RebuildNodes } from './nodes.redis.ts'
import { createReading, recordsUntil, type ReadingDeps } from './reading.ts'
import { createStage, type Counts, type StageDeps } from './stage.ts'
import { createStagedLogs, stagedForMs } from './stagedLogs.redis.ts'
import type { UnreadableLogs } from './liveLogs.ts'
import { clearRebuilt, findUnreadable, takePlaces } from './takePlace.redis.ts'

export type RebuildDeps = Pick<StageDeps, 'keys' | 'toBase'> &
  ReadingDeps & {
    readonly nodes: RebuildNodes
    /** Reads documents as the processor does. */
    readonly readReports: ReadReports
    readonly folding: FoldingOptions
    readonly expiryMs: number
    /** Names this run: no other one has the same. */
    readonly run: string
    /** Epoch ms: records before it are left out. */
    readonly from: number
    /** Epoch ms from which on the caller says that the topics are complete; null: what they show. */
    readonly coveredSince: number | null
    /** Rebuild also what is covered as far back as the topics reach. */
    readonly again: boolean
    /** Give up live histories that cannot be read for what the topics have of them; else one ends the run. */
    readonly replaceUnreadable: boolean
    /** Epoch milliseconds. */
    readonly now: () => number
    readonly onProgress: (progress: Progress) => void
  }

export type Progress = {
  readonly phase: Phase
  /** Records read, or logs that have taken their place, and how many there are; null: not known. */
  readonly done: number
  readonly total: number | null
}

export type Rebuilt = Counts & {
  /** Records that were no payment, report and so on, as they were to the processor. */
  readonly refused: number
  /** Logs that were rebuilt. */
  readonly logs: number
  /** Of these the ones whose live log could not be read: nothing of it was kept. */
  readonly logsReplaced: number
  /** Shards whose histories are complete again, and those that were as complete as the topics could make them. */
  readonly shards: number
  readonly shardsLeft: number
  /** Shards that lost something while this ran: their histories are whole up to then, and wait for another run. */
  readonly shardsOvertaken: number
  /** Epoch ms. */
  readonly coveredSince: number
  readonly limitedBy: Reach['limitedBy']
}

const renewEveryMs = 4_000
/** So few are read while nothing is folded; more are read before. */
const fewRecords = 5_000
const maxRounds = 4

/** Claims lapse while something takes long, so they are renewed beside it. */
const keepClaimed = (claims: Claims, phase: () => Phase) => {
  const failures: Error[] = []
  const timer = setInterval(() => {
    claims.renew(phase()).catch((error: Error) => void failures.push(error))
  }, renewEveryMs)
  return {
    check: (): void => {
      const [first] = failures
      if (first !== undefined) throw first
    },
    stop: () => clearInterval(timer),
  }
}

const wantedShards = (markers: Markers, since: number, again: boolean): ReadonlySet<number> =>
  new Set([...markers].filter(([, marker]) => again || Number(marker) > since).map(([shard]) => shard))

/** A marker that is where it goes would not tell the copies of the instances that they are of the past. */
const differing = (markers: Markers, since: number): number =>
  [...markers.values()].includes(String(since)) ? differing(markers, since + 1) : since

/** Before the topics are read to their ends: what is appended afterwards can be told from what was there. */
const unreadableIn = async ({ nodes }: RebuildNodes): Promise<UnreadableLogs> => {
  const unreadable = new Map<string, number>()
  for (const node of nodes) await findUnreadable(node, (key, length) => unreadable.set(key, length))
  return unreadable
}

/**
 * Rebuilds the histories of all shards that do not reach as far back as the topics, beside the live ones, then puts
 * them into their places and says that they are complete. Until then nobody sees anything of it; a run that ends
 * before has changed nothing that a payment would notice, and the next one begins anew.
 *
 * 1. Claim the shards; look how far back the topics reach, and which shards do not.
 * 2. Read the topics by time up to their ends, again while much has come, and append to logs beside the live ones.
 * 3. Stop folds of live logs; read the little that has come since.
 * 4. Each rebuilt log takes the place of the live one, which has at its end what was not read. A live one that cannot be
 *    read ends the run, or is given up where that was asked for, but for what came since the topics were read.
 * 5. Move the coverage markers back, unless they were moved up meanwhile: then something was lost again.
 * @throws SluiceError STOPPED, REBUILD_UNDER_WAY, TOPIC_MISMATCH, CONFIG_INVALID, HISTORY_FORMAT_UNKNOWN; otherwise as Redis and Kafka do
 */
export const rebuild = async (deps: RebuildDeps): Promise<Rebuilt> => {
  const { nodes, topics, run, now, onProgress } = deps
  let phase: Phase = 'reading'
  const claims = createClaims(nodes.nodes, run)
  const keyCheck = createKeyCheck()
  const startedAt = now()
  await claims.take(startedAt)
  const claimed = keepClaimed(claims, () => phase)
  const clear = async (): Promise<void> => {
    for (const node of nodes.nodes) await clearRebuilt(node, run)
  }
  try {
    await clear()
    let ends = await topics.ends()
    const payments = await extentsOf(topics.partitions.payments, ends.payments)
    const others = (
      await Promise.all([
        extentsOf(topics.partitions.decisions, ends.decisions),
        extentsOf(topics.partitions.accountEvents, ends.accountEvents),
        extentsOf(topics.partitions.riskFeedback, ends.riskFeedback),
      ])
    ).flat()
    const reach =
      deps.coveredSince === null
        ? reachOf(payments, others, deps.from, now())
        : { since: deps.coveredSince, limitedBy: null }
    const wanted = wantedShards(await claims.markers(), reach.since, deps.again)

    const staged = createStagedLogs({
      nodes,
      run,
      folding: deps.folding,
      wants: (shard) => wanted.has(shard),
    })
    const stage = createStage({
      keys: deps.keys,
      toBase: deps.toBase,
      append: staged.append,
      readReports: deps.readReports,
      deviceStates: nodes.deviceStates,
    })
    const reading = createReading(deps, keyCheck.compare)
    const readOn = async (): Promise<void> => {
      const total = recordsUntil(topics, ends)
      await reading.readUntil(ends, stage, () => {
        claimed.check()
        onProgress({ phase, done: reading.read, total })
      })
      keyCheck.check()
    }
    for (let round = 1; round < maxRounds; round++) {
      await readOn()
      ends = await topics.ends()
      if (recordsUntil(topics, ends) - reading.read < fewRecords) break
    }

    phase = 'merging'
    await claims.renew(phase)
    const markers = await claims.markers()
    const unreadable = deps.replaceUnreadable ? await unreadableIn(nodes) : null
    ends = await topics.ends()
    await readOn()
    if (now() - startedAt > stagedForMs)
      throw new SluiceError('STOPPED', 'took so long that what was rebuilt first has lapsed')

    let logs = 0
    let logsReplaced = 0
    for (const node of nodes.nodes)
      await takePlaces(node, {
        run,
        expiryMs: deps.expiryMs,
        ranges: reading.ranges(ends),
        unreadable,
        onTaken: (count, replaced) => {
          claimed.check()
          logs += count
          logsReplaced += replaced
          onProgress({ phase, done: logs, total: null })
        },
      })
    const expected = new Map([...markers].filter(([shard]) => wanted.has(shard)))
    const since = differing(expected, Math.ceil(reach.since))
    const moved = await claims.moveMarkers(expected, since)
    return {
      ...stage.counts,
      refused: reading.refused,
      logs,
      logsReplaced,
      shards: moved.length,
      shardsLeft: shardCount - wanted.size,
      shardsOvertaken: wanted.size - moved.length,
      coveredSince: since,
      limitedBy: reach.limitedBy,
    }
  } catch (error) {
    // They take memory that the live histories may need.
    await clear().catch(() => undefined)
    throw error
  } finally {
    claimed.stop()
    await claims.release().catch(() => undefined)
  }
}
