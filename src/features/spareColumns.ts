/** Memory for so many payments of one history. */
export type ColumnMemory = {
  readonly capacity: number
  readonly doubles: Float64Array
  /** The same memory as 32-bit words. */
  readonly words: Uint32Array
}

export type SpareColumns = {
  /** Room for at least so many payments, and less than half more; null: there is none. What it holds is of the past. */
  readonly take: (capacity: number) => ColumnMemory | null
  /** The giver must not use it any more. */
  readonly give: (memory: ColumnMemory) => void
  /** Bytes that lie ready. */
  readonly bytes: number
}

/** Classes are a quarter apart, roughly: what lies in one has room for its number and for less than the next one. */
const classOf = (capacity: number): number => {
  const step = 2 ** Math.max(0, Math.floor(Math.log2(capacity)) - 2)
  return Math.floor(capacity / step) * step
}

/** The class all of whose members have room. */
const classFor = (capacity: number): number => {
  const below = classOf(capacity)
  return below === capacity ? below : classOf(below + 2 ** Math.max(0, Math.floor(Math.log2(below)) - 2))
}

/**
 * Memory that histories have outgrown, for those that grow into it. Without it a payment leaves four times what is kept
 * of it behind as garbage, in places that only a collection of all garbage reaches.
 * @param maxBytes that lie ready at most; what comes beyond is left to the collector
 */
export const createSpareColumns = (maxBytes: number): SpareColumns => {
  const byClass = new Map<number, ColumnMemory[]>()
  let bytes = 0
  return {
    take: (capacity) => {
      const memory = byClass.get(classFor(capacity))?.pop() ?? null
      if (memory !== null) bytes -= memory.words.byteLength
      return memory
    },
    give: (memory) => {
      const { byteLength } = memory.words
      if (memory.capacity === 0 || bytes + byteLength > maxBytes) return
      const found = classOf(memory.capacity)
      const same = byClass.get(found)
      if (same === undefined) byClass.set(found, [memory])
      else same.push(memory)
      bytes += byteLength
    },
    get bytes() {
      return bytes
    },
  }
}
