/** Remembers what was put last and forgets the rest: at least `most` keys are held, and fewer than twice as many. */
export type Recent<V> = {
  readonly has: (key: string) => boolean
  readonly get: (key: string) => V | undefined
  /** @returns what is forgotten for it, oldest first */
  readonly put: (key: string, value: V) => readonly (readonly [string, V])[]
  readonly remove: (key: string) => void
  /** All that is held, oldest first. */
  readonly values: () => readonly V[]
}

export const createRecent = <V>(most: number): Recent<V> => {
  let newer = new Map<string, V>()
  let older = new Map<string, V>()
  const remove = (key: string): void => {
    newer.delete(key)
    older.delete(key)
  }
  return {
    has: (key) => newer.has(key) || older.has(key),
    get: (key) => newer.get(key) ?? older.get(key),
    put: (key, value) => {
      remove(key)
      const forgotten = newer.size < most ? [] : [...older]
      if (newer.size >= most) {
        older = newer
        newer = new Map()
      }
      newer.set(key, value)
      return forgotten
    },
    remove,
    values: () => [...older.values(), ...newer.values()],
  }
}
