import { createBoundedMap } from '../features/boundedMap.ts'
import { createKeyedHash, identifierKinds } from '../intel/out/keyedHash.ts'
import type { SharedHash } from '../intel/table/table.ts'

/** Payees, devices and addresses come again: so many hashes of theirs are kept. */
const remembered = 16_384

export type Sharing = { readonly keyId: string | null; readonly hashOf: SharedHash }

const notShared: Sharing = { keyId: null, hashOf: () => null }

/**
 * The names under which members of the exchange list what payments name: what `intel-out` of another member says.
 * @param key the sharing key; null: nothing is shared, and nothing that is listed so can be told
 */
export const openSharedHashes = (key: Buffer | null): Sharing => {
  if (key === null) return notShared
  const { keyId, hash } = createKeyedHash(key)
  const known = createBoundedMap<string, string>(remembered)
  return {
    keyId,
    hashOf: (subject, value) => {
      const kind = identifierKinds.find((each) => each === subject)
      if (kind === undefined) return null
      const name = `${kind} ${value}`
      const earlier = known.get(name)
      if (earlier !== undefined) return earlier
      const hashed = hash(kind, value)
      known.set(name, hashed)
      return hashed
    },
  }
}
