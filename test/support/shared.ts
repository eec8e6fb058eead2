import { randomBytes } from 'node:crypto'
import { inject } from 'vitest'

export interface SharedServers {
  readonly brokers: string
  readonly redisUrl: string
}

/** The servers that all integration files share: topics and keys there need names of their own, and nobody stops them. */
export const sharedServers = (): SharedServers => ({
  brokers: inject('brokers'),
  redisUrl: inject('redisUrl'),
})

/** A name that no other test and no earlier run uses. */
export const ownName = (prefix: string): string => `${prefix}-${randomBytes(6).toString('hex')}`
