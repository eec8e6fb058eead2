import type { Intelligence } from '../domain/intelligence.ts'
import type { Refused } from '../domain/received.ts'
import { createHasher } from '../features/hashing.ts'
import type { Log } from '../ops/log.ts'
import type { Metrics } from '../ops/metrics.ts'
import { noIds, refuse } from '../stream/codec/refusal.ts'
import type { RawRecord } from '../stream/record.ts'
import { parseStixId } from '../intel/stix/id.ts'
import { createInPieces, nextTurn, pieceMs } from './inPieces.ts'
import { createHeldIntelligence } from './intelTable.ts'
import { openSharedHashes } from './sharedHashes.ts'
import type { TableSpec } from './tables.kafka.ts'

/** Payers, payees and devices come again: so many hashes of theirs are kept. */
const rememberedHashes = 16_384

export type IntelligenceDeps = {
  readonly topic: string
  readonly hashKey: Buffer
  readonly hashContact: (contact: string) => string
  /** What members of the exchange hash identifiers with; null: nothing is shared. */
  readonly sharingKey: Buffer | null
  /** A longer object is refused. */
  readonly maxBytes: number
  readonly metrics: Pick<Metrics, 'countIntel' | 'countIntelLoss' | 'setIntelListed' | 'setIntelBytes'>
  readonly log: Pick<Log, 'warn'>
  readonly monotonic: () => number
  /** Epoch milliseconds. */
  readonly now: () => number
}

const oversized = (record: RawRecord, maxBytes: number): Refused => {
  const detail = `expected at most ${maxBytes} bytes, got ${record.value?.byteLength ?? 0}`
  const fault = { reason: 'OVERSIZED', detail, field: null } as const
  return refuse(record, { ok: false, fault, partial: {} }, noIds)
}

/** The topic of threat intelligence as the table that payments are looked up in. */
export const openIntelligence = (
  deps: IntelligenceDeps,
): { readonly spec: TableSpec<Buffer>; readonly intelligence: Intelligence } => {
  const { metrics, log, monotonic, topic } = deps
  const { table, intelligence } = createHeldIntelligence({
    hashText: createHasher(deps.hashKey, rememberedHashes).hashToken,
    hashContact: deps.hashContact,
    sharing: openSharedHashes(deps.sharingKey),
    now: deps.now,
    inPieces: createInPieces({ monotonic, rest: nextTurn, budgetMs: pieceMs }),
    count: metrics.countIntel,
    countLoss: metrics.countIntelLoss,
    onInvalid: (key, problem) =>
      log.warn(
        { topic, id: parseStixId(key) === null ? null : key, problem },
        'an object of intelligence is invalid',
      ),
    onSizes: ({ bytes, listed }) => {
      metrics.setIntelBytes(bytes)
      for (const [kind, things] of listed) metrics.setIntelListed(kind, things)
    },
  })
  return {
    intelligence,
    spec: {
      name: 'threat-intel',
      topic,
      decode: (record) =>
        record.value !== null && record.value.byteLength <= deps.maxBytes
          ? record.value
          : oversized(record, deps.maxBytes),
      isRefused: (decoded): decoded is Refused => !Buffer.isBuffer(decoded),
      table,
    },
  }
}
