import type { ListEntry } from '../../domain/listEntry.ts'
import type { Addresses } from './addresses.ts'
import { createShelf } from './shelf.ts'

/** Entries by the network that they name. */
export type NetworkShelf = {
  /** False where the text is no network: nothing was put anywhere. */
  readonly put: (network: string, entry: ListEntry) => boolean
  readonly remove: (network: string, entryId: string) => void
  /** All entries whose network holds the address. */
  readonly visit: (address: string, visit: (entry: ListEntry) => void) => void
}

/** A look-up masks the address once for each length of prefix that is in use: a handful, whatever the entries. */
export const createNetworkShelf = ({ parseNetwork, maskWords, networkText }: Addresses): NetworkShelf => {
  const shelf = createShelf()
  /** How many entries have so many words and so long a prefix. */
  const inUse = new Map<string, { readonly words: number; readonly prefix: number; entries: number }>()

  const count = (words: number, prefix: number, by: 1 | -1): void => {
    const name = `${words}/${prefix}`
    const length = inUse.get(name) ?? { words, prefix, entries: 0 }
    length.entries += by
    if (length.entries > 0) inUse.set(name, length)
    else inUse.delete(name)
  }

  return {
    put: (text, entry) => {
      const network = parseNetwork(text)
      if (network === null) return false
      shelf.put(networkText(network), entry)
      count(network.words.length, network.prefix, 1)
      return true
    },
    remove: (text, entryId) => {
      const network = parseNetwork(text)
      if (network === null) return
      shelf.remove(networkText(network), entryId)
      count(network.words.length, network.prefix, -1)
    },
    visit: (address, visit) => {
      if (inUse.size === 0) return
      const found = parseNetwork(address)
      if (found === null) return
      for (const { words, prefix } of inUse.values())
        if (words === found.words.length)
          shelf.visit(networkText({ words: maskWords(found.words, prefix), prefix }), visit)
    },
  }
}
