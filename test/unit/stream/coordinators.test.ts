import { describe, expect, it } from 'vitest'
import { patchCoordinators, type CoordinatorsParts } from '../../../src/stream/coordinators.kafka.ts'

const refuse = (message: string): never => {
  throw new Error(message)
}

const setUp = (version = '2.2.4') => {
  const asked: string[] = []
  const clock = { now: 0 }
  let connected = true
  const parts: CoordinatorsParts = {
    version,
    cluster: {
      findGroupCoordinator: ({ groupId, coordinatorType = 0 }) => {
        asked.push(`${coordinatorType} ${groupId}`)
        return Promise.resolve({ isConnected: () => connected })
      },
    },
    monotonic: () => clock.now,
  }
  return { parts, asked, clock, disconnect: () => (connected = false) }
}

const transaction = { groupId: 'slot', coordinatorType: 1 }
const group = { groupId: 'group', coordinatorType: 0 }

describe('who coordinates', () => {
  it('is asked now and then by a producer of transactions, and of the group too', async () => {
    const { parts, asked, clock } = setUp()
    expect(patchCoordinators(refuse, parts)).toBe(true)
    const find = (which: typeof transaction) => parts.cluster.findGroupCoordinator.call(producer, which)
    const producer = {}
    for (let i = 0; i < 3; i++) for (const which of [transaction, group]) await find(which)
    expect(asked).toEqual(['1 slot', '0 group'])
    clock.now = 250
    await find(group)
    expect(asked).toEqual(['1 slot', '0 group', '0 group'])
  })

  it('is asked anew when the connection is gone', async () => {
    const { parts, asked, disconnect } = setUp()
    patchCoordinators(refuse, parts)
    const producer = {}
    await parts.cluster.findGroupCoordinator.call(producer, transaction)
    disconnect()
    await parts.cluster.findGroupCoordinator.call(producer, transaction)
    expect(asked).toHaveLength(2)
  })

  it('is asked each time by who has no transactions: it asks because the coordinator moved', async () => {
    const { parts, asked } = setUp()
    patchCoordinators(refuse, parts)
    const [consumer, producer] = [{}, {}]
    await parts.cluster.findGroupCoordinator.call(producer, transaction)
    for (let i = 0; i < 3; i++) await parts.cluster.findGroupCoordinator.call(consumer, { groupId: 'group' })
    expect(asked).toEqual(['1 slot', '0 group', '0 group', '0 group'])
  })

  it('is left as it is in another version, with a warning', () => {
    const warnings: string[] = []
    const { parts } = setUp('2.3.0')
    const { findGroupCoordinator } = parts.cluster
    expect(patchCoordinators((message) => warnings.push(message), parts)).toBe(false)
    expect(warnings).toEqual([expect.stringContaining('kafkajs 2.3.0')])
    expect(parts.cluster.findGroupCoordinator).toBe(findGroupCoordinator)
  })
})
