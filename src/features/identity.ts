import { idHighAt, idLowAt, triesAt, type Columns } from './columns.ts'

/** Stands for any content hash: the earliest payment with that id and attempt is meant. */
export const anyContent = -1

/** Up to here a linear search is as fast as a table. */
export const linearSearchUpTo = 128

/** Attempt (8 bits) and content hash (16 bits) in one number. */
export const tryOf = (attempt: number, content: number): number => (attempt << 16) | content

export const triedOf = (tried: number): { readonly attempt: number; readonly content: number } => ({
  attempt: tried >>> 16,
  content: tried & 0xffff,
})

/** What is searched for; `content` may be `anyContent`. */
export type Sought = {
  readonly idLow: number
  readonly idHigh: number
  readonly attempt: number
  readonly content: number
}

const agrees = ({ words, capacity }: Columns, index: number, sought: Sought): boolean => {
  if (words[idHighAt(capacity) + index] !== sought.idHigh) return false
  const held = words[triesAt(capacity) + index] ?? 0
  return sought.content === anyContent
    ? held >>> 16 === sought.attempt
    : held === tryOf(sought.attempt, sought.content)
}

/** Index of the earliest payment with that identity, or -1: a search from the newest end, without a table. */
export const findLinear = (columns: Columns, sought: Sought): number => {
  const { words, payments } = columns
  const at = idLowAt(columns.capacity)
  let found = -1
  for (let index = payments - 1; index >= 0; index--) {
    if (words[at + index] !== sought.idLow || !agrees(columns, index, sought)) continue
    if (sought.content !== anyContent) return index
    found = index
  }
  return found
}

/** Where the payments of one long history stand, by the low half of their id hash, which is keyed and so even. */
export type IdentityTable = {
  find(columns: Columns, sought: Sought): number
  add(idLow: number, index: number): void
}

/** A table of the payments in `columns` with room for its capacity: open addressing, never more than half full. */
export const createIdentityTable = (columns: Columns): IdentityTable => {
  const size = 2 ** Math.ceil(Math.log2(columns.capacity * 2))
  const mask = size - 1
  /** Index of a payment plus 1; 0 is free. */
  const slots = new Int32Array(size)

  const add = (idLow: number, index: number): void => {
    let slot = idLow & mask
    while (slots[slot] !== 0) slot = (slot + 1) & mask
    slots[slot] = index + 1
  }
  const from = idLowAt(columns.capacity)
  for (let index = 0; index < columns.payments; index++) add(columns.words[from + index] ?? 0, index)

  return {
    add,
    find: (searched, sought) => {
      const at = idLowAt(searched.capacity)
      let found = -1
      for (let slot = sought.idLow & mask; ; slot = (slot + 1) & mask) {
        const index = (slots[slot] ?? 0) - 1
        if (index < 0) return found
        if (searched.words[at + index] !== sought.idLow || !agrees(searched, index, sought)) continue
        if (sought.content !== anyContent) return index
        if (found < 0 || index < found) found = index
      }
    },
  }
}
