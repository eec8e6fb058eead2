import type { ListEntry } from '../../domain/listEntry.ts'

/** Entries by one text: nearly always one of them, so that no list is made for it. */
export type Shelf = {
  readonly put: (key: string, entry: ListEntry) => void
  readonly remove: (key: string, entryId: string) => void
  readonly visit: (key: string, visit: (entry: ListEntry) => void) => void
}

export const createShelf = (): Shelf => {
  const held = new Map<string, ListEntry | readonly ListEntry[]>()
  const at = (key: string): readonly ListEntry[] => {
    const found = held.get(key)
    return found === undefined ? [] : 'entryId' in found ? [found] : found
  }
  const set = (key: string, entries: readonly ListEntry[]): void => {
    const [first, ...more] = entries
    if (first === undefined) held.delete(key)
    else held.set(key, more.length === 0 ? first : entries)
  }
  return {
    put: (key, entry) => set(key, [...at(key), entry]),
    remove: (key, entryId) =>
      set(
        key,
        at(key).filter((entry) => entry.entryId !== entryId),
      ),
    visit: (key, visit) => {
      const found = held.get(key)
      if (found === undefined) return
      if ('entryId' in found) visit(found)
      else found.forEach(visit)
    },
  }
}
