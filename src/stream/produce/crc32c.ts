/** Castagnoli's polynomial, bits reversed. */
const polynomial = 0x82f63b78

const firstTable = (): Int32Array =>
  Int32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1
    return crc
  })

/** What a byte does to the checksum once one more zero byte has followed it. */
const nextTable = (table: Int32Array, first: Int32Array): Int32Array =>
  table.map((crc) => first[crc & 0xff]! ^ (crc >>> 8))

const tables = (count: number): readonly Int32Array[] => {
  const first = firstTable()
  const all = [first]
  while (all.length < count) all.push(nextTable(all.at(-1)!, first))
  return all
}

const [t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12, t13, t14, t15] = tables(16) as readonly [
  ...FixedTables,
]

type Four<T> = readonly [T, T, T, T]
type FixedTables = [...Four<Int32Array>, ...Four<Int32Array>, ...Four<Int32Array>, ...Four<Int32Array>]

/**
 * CRC-32C (RFC 3720, appendix B.4) of the bytes in [from, to), unsigned.
 * Sixteen bytes a step, each through a table of its own: Kounavis and Berry, "Novel Table Lookup-Based Algorithms for
 * High-Performance CRC Generation", 2008. The brackets let the twelve look-ups that do not need `crc` go ahead of it.
 */
export const crc32c = (bytes: Uint8Array, from: number, to: number): number => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let crc = -1
  let at = from
  for (const lastStep = to - 16; at <= lastStep; at += 16) {
    const a = crc ^ view.getInt32(at, true)
    const b = view.getInt32(at + 4, true)
    const c = view.getInt32(at + 8, true)
    const d = view.getInt32(at + 12, true)
    crc =
      t15[a & 0xff]! ^
      t14[(a >>> 8) & 0xff]! ^
      t13[(a >>> 16) & 0xff]! ^
      t12[a >>> 24]! ^
      (t11[b & 0xff]! ^
        t10[(b >>> 8) & 0xff]! ^
        t9[(b >>> 16) & 0xff]! ^
        t8[b >>> 24]! ^
        t7[c & 0xff]! ^
        t6[(c >>> 8) & 0xff]! ^
        t5[(c >>> 16) & 0xff]! ^
        t4[c >>> 24]! ^
        t3[d & 0xff]! ^
        t2[(d >>> 8) & 0xff]! ^
        t1[(d >>> 16) & 0xff]! ^
        t0[d >>> 24]!)
  }
  for (; at < to; at++) crc = t0[(crc ^ view.getUint8(at)) & 0xff]! ^ (crc >>> 8)
  return ~crc >>> 0
}
