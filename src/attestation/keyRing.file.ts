import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { SluiceError } from '../errors.ts'
import type { KeyRing, RingKey } from './keyRing.ts'
import { parseKeySet } from './keySet.ts'

export type KeyRingDeps = {
  /** One file `*.json` for each issuer; empty: there are no keys. */
  readonly folder: string
  readonly monotonic: () => number
  /** The folder has become unreadable or wrong: the keys before stay. */
  readonly onFailure: (error: unknown) => void
}

/** So long a key that was taken out may still count. */
const trustedMs = 5_000
const askedAgainMs = 1_000

/** @throws SluiceError KEY_INVALID */
const readKeys = async (folder: string): Promise<ReadonlyMap<string, RingKey>> => {
  const keys = new Map<string, RingKey>()
  if (folder === '') return keys
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).toSorted()
  for (const name of names)
    for (const key of await parseKeySet(name, await readFile(path.join(folder, name), 'utf8'))) {
      if (keys.has(key.kid))
        throw new SluiceError('KEY_INVALID', `${name}: the key id ${key.kid} is there twice`)
      keys.set(key.kid, key)
    }
  return keys
}

const wrapped = (folder: string, cause: unknown): SluiceError =>
  cause instanceof SluiceError
    ? cause
    : new SluiceError('KEY_INVALID', `${folder}: cannot be read as a folder of key sets`, { cause })

/** Reads the keys, and again while the process runs, so that they can be rotated. @throws SluiceError KEY_INVALID */
export const openKeyRing = async ({ folder, monotonic, onFailure }: KeyRingDeps): Promise<KeyRing> => {
  let readAt = monotonic()
  let keys = await readKeys(folder).catch((cause: unknown) => {
    throw wrapped(folder, cause)
  })
  let reading: Promise<void> | null = null

  const readAgain = async (): Promise<void> => {
    readAt = monotonic()
    try {
      keys = await readKeys(folder)
    } catch (error) {
      onFailure(wrapped(folder, error))
    }
  }
  const refresh = (olderThanMs: number): Promise<void> => {
    if (reading === null && monotonic() - readAt >= olderThanMs)
      reading = readAgain().finally(() => (reading = null))
    return reading ?? Promise.resolve()
  }

  return {
    find: async (kid) => {
      await refresh(trustedMs)
      const known = keys.get(kid)
      if (known !== undefined) return known
      await refresh(askedAgainMs)
      return keys.get(kid) ?? null
    },
  }
}
