import type { ListEntry } from '../../domain/listEntry.ts'

/** Entries by one text: nearly always one of them, so that no list is made for it. */
export type Shelf = {
  readonly put: (key: string, entry: ListEntry) => void
  readonly remove: (key: string, entryId: string) => void
  readonly visit: (key: string, visit: (entry: ListEntry) => void) => void
}

export const createShelf = (): Shelf => {
  const held = new Map<string, ListEntry | Map<string, ListEntry>>()
  return {
    put: (key, entry) => {
      const there = held.get(key)
      if (there === undefined) held.set(key, entry)
      else if (there instanceof Map) there.set(entry.entryId, entry)
      else
        held.set(
          key,
          new Map([
            [there.entryId, there],
            [entry.entryId, entry],
          ]),
        )
    },
    remove: (key, entryId) => {
      const there = held.get(key)
      if (there instanceof Map) {
        there.delete(entryId)
        if (there.size === 0) held.delete(key)
      } else if (there?.entryId === entryId) held.delete(key)
    },
    visit: (key, visit) => {
      const found = held.get(key)
      if (found === undefined) return
      if (found instanceof Map) found.forEach((entry) => visit(entry))
      else visit(found)
    },
  }
}
