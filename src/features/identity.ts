/** What a search needs of a history: the log's words and where its payments begin. */
export type Searched = {
  readonly uints: Uint32Array
  readonly positions: Int32Array
  readonly payments: number
}

/** Stands for any content hash: the earliest payment with that id and attempt is meant. */
export const anyContent = -1

const agrees = (
  uints: Uint32Array,
  position: number,
  idLow: number,
  idHigh: number,
  attempt: number,
  content: number,
): boolean => {
  const at = position >> 2
  return (
    uints[at + 6] === idLow &&
    uints[at + 7] === idHigh &&
    (uints[at] ?? 0) >>> 24 === attempt &&
    (content === anyContent || ((uints[at + 1] ?? 0) & 0xffff) === content)
  )
}

/** Index of the earliest payment with that identity, or -1: a search from the newest end, without a table. */
export const findLinear = (
  history: Searched,
  idLow: number,
  idHigh: number,
  attempt: number,
  content: number,
): number => {
  let found = -1
  for (let index = history.payments - 1; index >= 0; index--) {
    if (!agrees(history.uints, history.positions[index] ?? 0, idLow, idHigh, attempt, content)) continue
    if (content !== anyContent) return index
    found = index
  }
  return found
}

/** Where the payments of one long history stand, by the low half of their id hash, which is keyed and so even. */
export type IdentityTable = {
  find(history: Searched, idLow: number, idHigh: number, attempt: number, content: number): number
  add(idLow: number, index: number): void
}

/** A table of the payments in `history` with room for `capacity`: open addressing, never more than half full. */
export const createIdentityTable = (history: Searched, capacity: number): IdentityTable => {
  const size = 2 ** Math.ceil(Math.log2(capacity * 2))
  const mask = size - 1
  /** Index of a payment plus 1; 0 is free. */
  const slots = new Int32Array(size)

  const add = (idLow: number, index: number): void => {
    let slot = idLow & mask
    while (slots[slot] !== 0) slot = (slot + 1) & mask
    slots[slot] = index + 1
  }
  for (let index = 0; index < history.payments; index++) {
    add(history.uints[((history.positions[index] ?? 0) >> 2) + 6] ?? 0, index)
  }

  return {
    add,
    find: ({ uints, positions }, idLow, idHigh, attempt, content) => {
      let found = -1
      for (let slot = idLow & mask; ; slot = (slot + 1) & mask) {
        const index = (slots[slot] ?? 0) - 1
        if (index < 0) return found
        if (!agrees(uints, positions[index] ?? 0, idLow, idHigh, attempt, content)) continue
        if (content !== anyContent) return index
        if (found < 0 || index < found) found = index
      }
    },
  }
}
