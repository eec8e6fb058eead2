/**
 * A map that forgets what was not used for longest, roughly: two generations, of which the older one is dropped
 * when the younger one is full. A look-up costs one or two map reads; no lists, no time stamps.
 */
export type BoundedMap<K, V> = {
  get(key: K): V | undefined
  /** `weight` is in the unit of the map's limit. */
  set(key: K, value: V, weight?: number): void
  /** An entry has become heavier by this much since it was set. */
  grew(weight: number): void
  delete(key: K): void
  clear(): void
  readonly size: number
  /** Of both generations; an entry that was set twice, or grew and then moved, may count for a little more. */
  readonly weight: number
}

/** @param limit weight that both generations hold together; an entry set without a weight weighs 1 */
export const createBoundedMap = <K, V>(limit: number): BoundedMap<K, V> => {
  type Entry = { readonly value: V; readonly weight: number }
  let young = new Map<K, Entry>()
  let old = new Map<K, Entry>()
  let weightOfYoung = 0
  let weightOfOld = 0

  const add = (key: K, entry: Entry): void => {
    if (weightOfYoung + entry.weight > limit / 2 && young.size > 0) {
      old = young
      young = new Map()
      weightOfOld = weightOfYoung
      weightOfYoung = 0
    }
    young.set(key, entry)
    weightOfYoung += entry.weight
  }

  return {
    get: (key) => {
      const entry = young.get(key)
      if (entry !== undefined) return entry.value
      const older = old.get(key)
      if (older === undefined) return undefined
      old.delete(key)
      weightOfOld -= older.weight
      add(key, older)
      return older.value
    },
    set: (key, value, weight = 1) => {
      weightOfOld -= old.get(key)?.weight ?? 0
      old.delete(key)
      add(key, { value, weight })
    },
    grew: (weight) => {
      weightOfYoung += weight
    },
    delete: (key) => {
      weightOfYoung -= young.get(key)?.weight ?? 0
      weightOfOld -= old.get(key)?.weight ?? 0
      young.delete(key)
      old.delete(key)
    },
    clear: () => {
      young = new Map()
      old = new Map()
      weightOfYoung = 0
      weightOfOld = 0
    },
    get size() {
      return young.size + old.size
    },
    get weight() {
      return weightOfYoung + weightOfOld
    },
  }
}
