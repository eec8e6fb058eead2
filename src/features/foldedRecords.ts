import type { Bucket } from './bucket.ts'
import { bucketAt, bucketStride, pushBucket } from './buckets.ts'
import { offsetKey, type Folded, type FoldedParts } from './folded.ts'
import { pushSeen, seenAt, seenStride, type LastSeen } from './lastSeen.ts'
import { entitySlots, recordKinds, recordVersion, wordBytes } from './record.ts'
import { noRows } from './rows.ts'

/**
 * The records of a folded log's beginning, little-endian like those of `record.ts`, which they stand before.
 *
 * Header (13 words, then `pad` bytes): [2] pad; [4..7] generation; [8..15] until; [16..63] forgottenUntil of each slot;
 * [64..87] forgotten of each slot; [88..91] keptUntil; [92..95] 0; [96..103] goneUntil. Version 1 ends before keptUntil.
 * The pad makes the length of the log differ, modulo 8, from that of one which was never folded.
 *
 * Bucket (8 words): [2] class, signed; [4..7] count; [8..15] from; [16..23] to; [24..31] sum; [32..39] spread;
 * [40..47] min; [48..55] max; [56..59] night.
 *
 * Last seen (4 words): [2] slot; [4..7] hash; [8..15] first; [16..23] last; [24..27] count.
 *
 * Folded offset (2 words): [2..3] source partition; [4] kind of record; [8..15] highest offset.
 */
export const headerBytes = 104
export const headerVersion = 2
export const firstHeaderBytes = 88
export const bucketBytes = 64
export const lastSeenBytes = 32
export const offsetBytes = 16

/** 1 to 7: never that of a log without a header. */
export const padOf = (generation: number): number => 1 + ((generation - 1) % 7)

const start = (
  view: DataView,
  at: number,
  kind: number,
  byteLength: number,
  version = recordVersion,
): void => {
  view.setUint8(at, (kind << 4) | version)
  view.setUint8(at + 1, byteLength / wordBytes)
}

const writeHeader = (view: DataView, folded: FoldedParts): void => {
  start(view, 0, recordKinds.header, headerBytes, headerVersion)
  view.setUint8(2, padOf(folded.generation))
  view.setUint32(4, folded.generation, true)
  view.setFloat64(8, folded.until, true)
  for (let slot = 0; slot < entitySlots; slot++) {
    view.setFloat64(16 + slot * 8, folded.forgottenUntil[slot] ?? -Infinity, true)
    view.setUint32(64 + slot * 4, folded.forgotten[slot] ?? 0, true)
  }
  view.setUint32(88, folded.keptUntil, true)
  view.setFloat64(96, folded.goneUntil, true)
}

const writeBucket = (view: DataView, at: number, bucket: Bucket): void => {
  start(view, at, recordKinds.bucket, bucketBytes)
  view.setInt8(at + 2, bucket.of)
  view.setUint32(at + 4, bucket.count, true)
  view.setFloat64(at + 8, bucket.from, true)
  view.setFloat64(at + 16, bucket.to, true)
  view.setFloat64(at + 24, bucket.sum, true)
  view.setFloat64(at + 32, bucket.spread, true)
  view.setFloat64(at + 40, bucket.min, true)
  view.setFloat64(at + 48, bucket.max, true)
  view.setUint32(at + 56, bucket.night, true)
}

const writeLastSeen = (view: DataView, at: number, seen: LastSeen): void => {
  start(view, at, recordKinds.lastSeen, lastSeenBytes)
  view.setUint8(at + 2, seen.slot)
  view.setUint32(at + 4, seen.hash, true)
  view.setFloat64(at + 8, seen.first, true)
  view.setFloat64(at + 16, seen.last, true)
  view.setUint32(at + 24, seen.count, true)
}

const writeOffset = (view: DataView, at: number, key: number, offset: number): void => {
  start(view, at, recordKinds.foldedOffset, offsetBytes)
  view.setUint16(at + 2, key % 65_536, true)
  view.setUint8(at + 4, Math.floor(key / 65_536))
  view.setFloat64(at + 8, offset, true)
}

/** The beginning of a folded log. @param keptBytes of the records that stay behind it */
export const encodeFolded = (folded: Omit<FoldedParts, 'keptUntil'>, keptBytes: number): Uint8Array => {
  const { buckets, lastSeen, offsets, generation } = folded
  const records = buckets.count * bucketBytes + lastSeen.count * lastSeenBytes + offsets.size * offsetBytes
  const bytes = new Uint8Array(headerBytes + padOf(generation) + records)
  const view = new DataView(bytes.buffer)
  writeHeader(view, { ...folded, keptUntil: bytes.byteLength + keptBytes })
  let at = headerBytes + padOf(generation)
  for (let index = 0; index < buckets.count; index++) {
    writeBucket(view, at, bucketAt(buckets, index * bucketStride))
    at += bucketBytes
  }
  for (let index = 0; index < lastSeen.count; index++) {
    writeLastSeen(view, at, seenAt(lastSeen, index * seenStride))
    at += lastSeenBytes
  }
  for (const [key, offset] of offsets) {
    writeOffset(view, at, key, offset)
    at += offsetBytes
  }
  return bytes
}

const slots = Array.from({ length: entitySlots }, (_, slot) => slot)

export const readHeader = (view: DataView, at: number): Folded => {
  const isFirstVersion = view.getUint8(at + 1) * wordBytes === firstHeaderBytes
  return {
    generation: view.getUint32(at + 4, true),
    until: view.getFloat64(at + 8, true),
    buckets: noRows(),
    lastSeen: noRows(),
    forgottenUntil: slots.map((slot) => view.getFloat64(at + 16 + slot * 8, true)),
    forgotten: slots.map((slot) => view.getUint32(at + 64 + slot * 4, true)),
    offsets: new Map(),
    keptUntil: isFirstVersion ? 0 : view.getUint32(at + 88, true),
    goneUntil: isFirstVersion ? -Infinity : view.getFloat64(at + 96, true),
    paidUntil: -Infinity,
  }
}

const bucketIn = (view: DataView, at: number): Bucket => ({
  of: view.getInt8(at + 2),
  count: view.getUint32(at + 4, true),
  from: view.getFloat64(at + 8, true),
  to: view.getFloat64(at + 16, true),
  sum: view.getFloat64(at + 24, true),
  spread: view.getFloat64(at + 32, true),
  min: view.getFloat64(at + 40, true),
  max: view.getFloat64(at + 48, true),
  night: view.getUint32(at + 56, true),
})

/** Takes the bucket at `at` in. */
export const readBucket = (folded: Folded, view: DataView, at: number): void => {
  const bucket = bucketIn(view, at)
  pushBucket(folded.buckets, bucket)
  if (bucket.of >= 0) folded.paidUntil = Math.max(folded.paidUntil, bucket.to)
}

const seenIn = (view: DataView, at: number): LastSeen => ({
  slot: view.getUint8(at + 2),
  hash: view.getUint32(at + 4, true),
  first: view.getFloat64(at + 8, true),
  last: view.getFloat64(at + 16, true),
  count: view.getUint32(at + 24, true),
})

/** Takes the meeting at `at` in. */
export const readLastSeen = (folded: Folded, view: DataView, at: number): void =>
  pushSeen(folded.lastSeen, seenIn(view, at))

export const readOffset = (view: DataView, at: number): readonly [key: number, offset: number] => [
  offsetKey(view.getUint8(at + 4), view.getUint16(at + 2, true)),
  view.getFloat64(at + 8, true),
]
