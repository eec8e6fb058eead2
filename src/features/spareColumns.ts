/** Memory for so many payments of one history. */
export type ColumnMemory = {
  readonly capacity: number
  readonly doubles: Float64Array
  /** The same memory as 32-bit words. */
  readonly words: Uint32Array
}

export type SpareColumns = {
  /** Of that class, or a little larger; null: there is none. What it holds is of the past. */
  readonly take: (capacity: number) => ColumnMemory | null
  /** The giver must not use it any more. */
  readonly give: (memory: ColumnMemory) => void
  /** Bytes that lie ready. */
  readonly bytes: number
}

/** Classes of capacity are an eighth to a quarter apart, and even. */
const stepAt = (capacity: number): number => 2 ** Math.max(1, Math.floor(Math.log2(capacity)) - 2)

/** The largest class that fits into so much room; 0: none does. */
const classIn = (capacity: number): number => {
  const step = stepAt(capacity)
  return Math.floor(capacity / step) * step
}

/** The smallest class with room for so many. */
export const classFor = (payments: number): number => {
  const step = stepAt(payments)
  return Math.ceil(payments / step) * step
}

/**
 * Memory that histories have outgrown, for those that grow into it. Without it a payment leaves four times what is kept
 * of it behind as garbage, in places that only a collection of all garbage reaches.
 * @param maxBytesEach what lies ready of one class at most; what comes beyond is left to the collector
 */
export const createSpareColumns = (maxBytesEach: number): SpareColumns => {
  const byClass = new Map<number, { readonly held: ColumnMemory[]; bytes: number }>()
  return {
    take: (capacity) => {
      const same = byClass.get(capacity)
      const memory = same?.held.pop()
      if (same === undefined || memory === undefined) return null
      same.bytes -= memory.words.byteLength
      return memory
    },
    give: (memory) => {
      const found = classIn(memory.capacity)
      if (found === 0) return
      const same = byClass.get(found) ?? { held: [], bytes: 0 }
      byClass.set(found, same)
      const { byteLength } = memory.words
      if (same.bytes + byteLength > maxBytesEach) return
      same.held.push(memory)
      same.bytes += byteLength
    },
    get bytes() {
      return [...byClass.values()].reduce((sum, { bytes }) => sum + bytes, 0)
    },
  }
}
