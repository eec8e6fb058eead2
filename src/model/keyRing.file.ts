import type { KeyObject } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { SluiceError } from '../errors.ts'
import { readRegularText } from './readInside.file.ts'
import { parsePublicKey } from './signature.ts'

/**
 * Public keys, one file each: `<folder>/<keyId>.pem`, and `<folder>/retired/<keyId>.pem` for those that no longer
 * count. A key that is in both is retired.
 */
export type RingKey = {
  readonly keyId: string
  readonly status: 'current' | 'retired'
  readonly publicKey: KeyObject
}

const ending = '.pem'

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')

const unlessMissing = async <T, E>(reading: Promise<T>, none: E, what: string): Promise<T | E> => {
  try {
    return await reading
  } catch (cause) {
    if (isMissing(cause)) return none
    throw new SluiceError('KEY_INVALID', `${what}: cannot be read`, { cause })
  }
}

const readKey = async (folder: string, keyId: string): Promise<KeyObject | null> => {
  const file = path.join(folder, keyId + ending)
  const pem = await unlessMissing(readRegularText(file), null, file)
  return pem === null ? null : parsePublicKey(pem, file)
}

/**
 * One key of the ring, null if it is not there.
 * @param keyId matches keyIdPattern: it is part of a path
 * @throws SluiceError KEY_INVALID
 */
export const findKey = async (folder: string, keyId: string): Promise<RingKey | null> => {
  const retired = await readKey(path.join(folder, 'retired'), keyId)
  if (retired !== null) return { keyId, status: 'retired', publicKey: retired }
  const current = await readKey(folder, keyId)
  return current === null ? null : { keyId, status: 'current', publicKey: current }
}

/** The ids of the keys that count, in order; a folder that is not there has none. */
export const listKeyIds = async (folder: string): Promise<readonly string[]> => {
  const files = await unlessMissing(readdir(folder), [], folder)
  const retired = new Set(await unlessMissing(readdir(path.join(folder, 'retired')), [], folder))
  return files
    .filter((name) => name.endsWith(ending) && !retired.has(name))
    .map((name) => name.slice(0, -ending.length))
    .sort()
}
