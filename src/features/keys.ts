import { createBoundedMap } from './boundedMap.ts'
import { createEntities } from './entities.ts'
import type { EntityKey } from './entityKey.ts'
import type { Hash64, Hasher } from './hashing.ts'

/** First part of every key: a format that cannot be read by this build gets another one. */
export const keyVersion = 'v1'

/** Shards are the units of coverage and of placement in a cluster; their number, a power of two, is part of the format. */
export const shardCount = 1024

/** One letter for each of `entityTypes`. */
const letters = ['a', 'c', 'd', 'i', 'p', 'm'] as const

const hex = (word: number): string => word.toString(16).padStart(8, '0')

const shardOf = (hash: Hash64): number => hash.high & (shardCount - 1)

/** The braces are a cluster's hash tag: what is in one shard is on one node. */
const prefixes = Array.from({ length: shardCount }, (_, shard) => `${keyVersion}:{s${shard}}:`)
const coverageKeys = prefixes.map((prefix) => `${prefix}covered`)

const shardAt = `${keyVersion}:{s`.length

/** Of a key of Sluice's. */
export const shardOfKey = (key: string): number => Number.parseInt(key.slice(shardAt), 10)

/** Place in `entityTypes` of the entity whose log has this key; -1 for other keys. */
export const slotOfKey = (key: string): number => letters.findIndex((letter) => key.includes(`}:${letter}:`))

const prefixOf = (shard: number): string => prefixes[shard] ?? ''

/** The time since which the histories of a shard are complete; it shares their fate. */
export const coverageKey = (shard: number): string => coverageKeys[shard] ?? ''

const entityKeyOf = (slot: number, hash: Hash64): EntityKey => {
  const shard = shardOf(hash)
  return {
    key: `${prefixOf(shard)}${letters[slot]}:${hex(hash.high)}${hex(hash.low)}`,
    shard,
    hash: hash.low === 0 ? 1 : hash.low | 0,
    copy: null,
    batch: 0,
    place: 0,
  }
}

/** Who rebuilds the histories of a shard, while somebody does. The scripts of this and of folding know its name. */
export const rebuildKey = (shard: number): string => `${prefixOf(shard)}rebuild`

/** Where the log of that key is rebuilt, beside it; its name does not look like that of a log. */
export const rebuiltKey = (key: string): string => key.replace('}:', '}:r.')

/** The log that a `rebuiltKey` is for. */
export const keyOfRebuilt = (key: string): string => key.replace('}:r.', '}:')

/** Of all `rebuiltKey`s, as SCAN takes it. */
export const rebuiltPattern = `${keyVersion}:*}:r.*`

/** What it is remembered of which accounts met it. */
export const recentOf = ['payee', 'device'] as const
export type RecentOf = (typeof recentOf)[number]

export type Keys = {
  /** `slot`: place of the entity's type in `entityTypes`. The same object again while it is held. */
  entity(slot: number, token: string): EntityKey
  deviceState(deviceId: string): string
  journal(paymentId: string, attempt: number): string
  /** What may be used once, in the shard of `beside`. */
  usedOnce(id: string, beside: string): string
  /** What a recipient of notices was told lately. */
  notices(recipient: string): string
  /** The accounts that paid a payee, or used a device, lately. */
  recentAccounts(of: RecentOf, token: string): string
  paymentHash(paymentId: string): Hash64
  /** What is held of entities takes this many bytes more, or less. */
  grew(bytes: number): void
  /** Memory that entities and what is held of them take, roughly. */
  readonly bytes: number
}

const mebibyte = 2 ** 20

export type KeysOptions = {
  /** Memory for entities and what is held of them; 256 MiB by default. */
  readonly maxBytes?: number
  /** How many devices keep the key of their state. */
  readonly devices?: number
}

export const createKeys = (
  hasher: Hasher,
  { maxBytes = 256 * mebibyte, devices = 50_000 }: KeysOptions = {},
): Keys => {
  const entities = createEntities(maxBytes)
  const knownDevices = createBoundedMap<string, string>(devices)
  const hashedKey = (letter: string, token: string): string => {
    const hash = hasher.hashToken(token)
    return `${prefixOf(shardOf(hash))}${letter}:${hex(hash.high)}${hex(hash.low)}`
  }
  return {
    entity: (slot, token) => {
      const earlier = entities.find(slot, token)
      if (earlier !== undefined) return earlier
      const entity = entityKeyOf(slot, hasher.hashToken(token))
      entities.add(slot, token, entity)
      return entity
    },
    deviceState: (deviceId) => {
      const earlier = knownDevices.get(deviceId)
      if (earlier !== undefined) return earlier
      const key = hashedKey('h', deviceId)
      knownDevices.set(deviceId, key)
      return key
    },
    journal: (paymentId, attempt) =>
      `${prefixOf(shardOf(hasher.hashToken(paymentId)))}j:${paymentId}:${attempt}`,
    usedOnce: (id, beside) => {
      const hash = hasher.hashToken(id)
      return `${prefixOf(shardOf(hasher.hashToken(beside)))}u:${hex(hash.high)}${hex(hash.low)}`
    },
    notices: (recipient) => hashedKey('n', recipient),
    recentAccounts: (of, token) => hashedKey(`w.${of[0]}`, token),
    paymentHash: hasher.hashToken,
    grew: entities.grew,
    get bytes() {
      return entities.bytes
    },
  }
}
