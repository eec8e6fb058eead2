import { describe, expect, it } from 'vitest'
import {
  patchSilentCoordinator,
  type SilentCoordinatorParts,
} from '../../../src/stream/silentCoordinator.kafka.ts'

const refuse = (message: string): never => {
  throw new Error(message)
}

/** A member of which every request to its coordinator fails. */
const failing = (failure: Error, version: string): SilentCoordinatorParts => ({
  version,
  group: {
    heartbeat: () => Promise.reject(failure),
    commitOffsets: () => Promise.reject(failure),
    commitOffsetsIfNecessary: () => Promise.reject(failure),
  },
})

const askedOf = (failure: Error): readonly (() => Promise<void>)[] => {
  const parts = failing(failure, '2.2.4')
  expect(patchSilentCoordinator(refuse, parts)).toBe(true)
  const { group } = parts
  return [
    () => group.heartbeat({ interval: 1 }),
    () => group.commitOffsets(),
    () => group.commitOffsetsIfNecessary(),
  ]
}

const named = (name: string): Error => Object.assign(new Error(name), { name })

describe('a member of a group', () => {
  it.each(['KafkaJSRequestTimeoutError', 'KafkaJSConnectionError', 'KafkaJSBrokerNotFound'])(
    'asks for its coordinator when a heartbeat or a commit ends with %s',
    async (name) => {
      for (const ask of askedOf(named(name)))
        await expect(ask()).rejects.toMatchObject({ type: 'NOT_COORDINATOR_FOR_GROUP' })
    },
  )

  it('is told of every other end of them as it is', async () => {
    const failure = named('KafkaJSProtocolError')
    for (const ask of askedOf(failure)) await expect(ask()).rejects.toBe(failure)
  })

  it('is left alone in another version of kafkajs, with a warning', () => {
    const warnings: string[] = []
    const parts = failing(named('any'), '2.3.0')
    const { heartbeat } = parts.group
    expect(patchSilentCoordinator((message) => warnings.push(message), parts)).toBe(false)
    expect(warnings).toEqual([expect.stringContaining('kafkajs 2.3.0')])
    expect(parts.group.heartbeat).toBe(heartbeat)
  })
})
