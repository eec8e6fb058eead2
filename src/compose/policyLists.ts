import { createListIndex, type ListIndex } from '../decision/lists/listIndex.ts'
import type { ListEntry } from '../domain/listEntry.ts'
import type { Refused } from '../domain/received.ts'
import { createListEntryDecoder } from '../stream/codec/listEntry.ts'
import type { Schemas } from '../stream/codec/schemas.ts'
import { maskWords, networkText, parseNetwork } from '../intel/address.ts'
import type { TableSpec } from './tables.kafka.ts'

export const createEmptyLists = (): ListIndex => createListIndex({ parseNetwork, maskWords, networkText })

const isRefused = (decoded: ListEntry | Refused): decoded is Refused => 'source' in decoded

export type PolicyListsDeps = {
  readonly topic: string
  readonly lists: ListIndex
  readonly schemas: Schemas
  readonly maxBytes: number
}

/** The topic of allow and block entries and of snoozed rules, as the lists in which payments are looked up. */
export const tableOfLists = ({ topic, lists, schemas, maxBytes }: PolicyListsDeps): TableSpec<ListEntry> => ({
  name: 'policy-lists',
  topic,
  decode: createListEntryDecoder({ schemas, maxBytes, isNetwork: (text) => parseNetwork(text) !== null }),
  isRefused,
  table: {
    apply: (changes) => {
      for (const { key, value } of changes)
        if (value === null) lists.remove(key)
        else lists.put(value)
    },
    clear: lists.clear,
    size: lists.size,
  },
})
