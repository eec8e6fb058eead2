import { isSingle } from '../address.ts'
import { termKinds, type Term, type TermKind } from '../term.ts'
import { createHashIndex } from './hashIndex.ts'
import { none } from './indicators.ts'
import { createNetworkHash } from './networkHash.ts'
import { createNetworks } from './networks.ts'
import { bytes8, createRows, words32 } from './rows.ts'

/** 64 bits as two unsigned halves, keyed, so that nobody can craft collisions. */
export type HashText = (text: string) => { readonly low: number; readonly high: number }

/** What a term names; of an address or network the key is not asked for, so that a look-up need not write it. */
export type Thing = Pick<Term, 'kind' | 'key' | 'network'>

/** Which indicators list a thing. Each posting is one indicator's word about one thing. */
export type Postings = {
  /** The posting, or -1: too many list this already. */
  add(term: Term, indicator: number): number
  remove(posting: number): void
  /** Tells every posting about exactly this thing; for an address also those about networks that hold it. */
  visit(thing: Thing, visit: (posting: number) => void): void
  indicator(posting: number): number
  /** The next posting of the same indicator. */
  readonly next: { get(posting: number): number; set(posting: number, next: number): void }
  isDue(): boolean
  settle(): Generator<void, void, undefined>
  count(kind: TermKind): number
  readonly networks: number
  readonly bytes: number
}

/** Indicators that may list one and the same thing: a look-up sees them all. */
const sameThingMax = 255

const isNetwork = ({ network }: Term): boolean => network !== null && !isSingle(network)

/** Tells the kinds apart, and networks, under one hash of the text. */
const kindBits = (kind: number): number => Math.imul(kind + 1, 0x9e3779b1)

export const createPostings = (hashText: HashText): Postings => {
  const rows = createRows()
  const low = rows.column(words32)
  const high = rows.column(words32)
  const kinds = rows.column(bytes8)
  /** Words of the addresses of a network; 0 for everything else. */
  const widths = rows.column(bytes8)
  const indicators = rows.column(words32)
  const next = rows.column(words32)
  /** The next posting about the same thing. */
  const same = rows.column(words32)
  const index = createHashIndex()
  const v4 = createNetworks(1, rows.free)
  const v6 = createNetworks(4, rows.free)
  const counts = new Uint32Array(termKinds.length)

  const networksOf = (width: number) => (width === 1 ? v4 : v6)
  const firstOf = (lowBits: number, highBits: number, kind: number): number =>
    index.find(
      lowBits,
      (row) => high.get(row) === highBits && low.get(row) === lowBits && kinds.get(row) === kind,
    )
  const hashNetwork = createNetworkHash(hashText('the addresses and networks of this table'))
  const keyOf = (thing: Thing): { readonly low: number; readonly high: number; readonly kind: number } => {
    const kind = termKinds.indexOf(thing.kind)
    const hashed = thing.network === null ? hashText(thing.key) : hashNetwork(thing.network)
    return { low: (hashed.low ^ kindBits(kind)) >>> 0, high: hashed.high, kind }
  }

  const lengthFrom = (posting: number): number => {
    let length = 0
    for (let at = posting; at !== none && length <= sameThingMax; at = same.get(at)) length++
    return length
  }

  const unlink = (posting: number): void => {
    const head = firstOf(low.get(posting), high.get(posting), kinds.get(posting))
    if (head < 0) return
    if (head === posting) {
      const second = same.get(posting)
      if (second === none) index.remove(low.get(posting), posting)
      else index.replace(low.get(posting), posting, second)
      return
    }
    for (let at = head; at !== none; at = same.get(at))
      if (same.get(at) === posting) {
        same.set(at, same.get(posting))
        return
      }
  }

  const visitSame = (head: number, visit: (posting: number) => void): void => {
    for (let at = head; at !== none && at >= 0; at = same.get(at)) visit(at)
  }

  return {
    add: (term, indicator) => {
      const key = keyOf(term)
      const head = firstOf(key.low, key.high, key.kind)
      if (head >= 0 && lengthFrom(head) >= sameThingMax) return -1
      const posting = rows.take()
      low.set(posting, key.low)
      high.set(posting, key.high)
      kinds.set(posting, key.kind)
      indicators.set(posting, indicator)
      next.set(posting, none)
      if (head < 0) {
        same.set(posting, none)
        index.add(key.low, posting)
      } else {
        // Second in the row, so that the index need not change.
        same.set(posting, same.get(head))
        same.set(head, posting)
      }
      counts[key.kind] = (counts[key.kind] ?? 0) + 1
      const network = isNetwork(term) ? term.network : null
      widths.set(posting, network?.words.length ?? 0)
      if (network !== null) networksOf(network.words.length).add({ ...network, row: posting })
      return posting
    },
    remove: (posting) => {
      unlink(posting)
      const kind = kinds.get(posting)
      counts[kind] = (counts[kind] ?? 0) - 1
      const width = widths.get(posting)
      if (width === 0) rows.free(posting)
      else networksOf(width).remove(posting)
    },
    visit: (thing, visit) => {
      const { low: lowBits, high: highBits, kind } = keyOf(thing)
      visitSame(firstOf(lowBits, highBits, kind), visit)
      if (thing.network !== null)
        networksOf(thing.network.words.length).visitHolding(thing.network.words, visit)
    },
    indicator: indicators.get,
    next,
    isDue: () => v4.isDue() || v6.isDue(),
    *settle() {
      yield* v4.settle()
      yield* v6.settle()
    },
    count: (kind) => counts[termKinds.indexOf(kind)] ?? 0,
    get networks() {
      return v4.size + v6.size
    },
    get bytes() {
      return rows.bytes + index.bytes + v4.bytes + v6.bytes
    },
  }
}
