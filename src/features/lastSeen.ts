import { addRow, noRows, type Rows } from './rows.ts'

/** When an entity was met together with another one, among records that are no longer told apart. */
export type LastSeen = {
  readonly slot: number
  readonly hash: number
  /** Epoch ms. */
  readonly first: number
  readonly last: number
  readonly count: number
}

/** Those of one log, packed: `seenStride` numbers each, in the order of `seenCell`. */
export type Seen = Rows

/** What the numbers of one are; see `LastSeen`. */
export const seenCell = { slot: 0, hash: 1, first: 2, last: 3, count: 4 } as const
export const seenStride = 5

export const pushSeen = (seen: Seen, { slot, hash, first, last, count }: LastSeen): void => {
  const at = addRow(seen, seenStride)
  const { cells } = seen
  cells[at + seenCell.slot] = slot
  cells[at + seenCell.hash] = hash
  cells[at + seenCell.first] = first
  cells[at + seenCell.last] = last
  cells[at + seenCell.count] = count
}

/** @param at index of its first cell */
export const seenAt = ({ cells }: Seen, at: number): LastSeen => ({
  slot: cells[at + seenCell.slot] ?? NaN,
  hash: cells[at + seenCell.hash] ?? NaN,
  first: cells[at + seenCell.first] ?? NaN,
  last: cells[at + seenCell.last] ?? NaN,
  count: cells[at + seenCell.count] ?? NaN,
})

/** One object for each, for what is not done for each payment. */
export const listSeen = (seen: Seen): readonly LastSeen[] =>
  Array.from({ length: seen.count }, (_, index) => seenAt(seen, index * seenStride))

export const packSeen = (list: readonly LastSeen[]): Seen => {
  const seen = noRows()
  for (const each of list) pushSeen(seen, each)
  return seen
}

/** Index of the first cell of the one that was met in the slot, or -1. */
export const findSeen = ({ cells, count }: Seen, slot: number, hash: number): number => {
  for (let at = 0; at < count * seenStride; at += seenStride)
    if (cells[at + seenCell.slot] === slot && cells[at + seenCell.hash] === hash) return at
  return -1
}
