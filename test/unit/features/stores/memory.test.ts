import { describe, expect, test } from 'vitest'
import { createMemoryDeviceStates } from '../../../../src/features/deviceStates.memory.ts'
import { createHasher } from '../../../../src/features/hashing.ts'
import { createMemoryHistories } from '../../../../src/features/histories.memory.ts'
import { createMemoryJournal } from '../../../../src/features/journal.memory.ts'
import { createKeys } from '../../../../src/features/keys.ts'
import { deviceStates } from '../../../support/conformance/deviceStates.ts'
import { coveredSince, histories } from '../../../support/conformance/histories.ts'
import { journals } from '../../../support/conformance/journals.ts'
import { aReceived } from '../../../support/payments.ts'

const keys = createKeys(createHasher(Buffer.alloc(16, 3)))

const inMemory = (devices = createMemoryDeviceStates()) =>
  createMemoryHistories({
    keys,
    coveredSince,
    toBase: (amountMinor) => amountMinor,
    deviceState: devices.state,
  })

describe('histories in memory', () => {
  histories(() => {
    const instance = inMemory()
    return Promise.resolve({ open: () => instance, close: () => instance.close() })
  }, 200)
})

describe('device states in memory', () => {
  deviceStates(() => {
    const states = createMemoryDeviceStates()
    const read = async (deviceId: string) =>
      (await inMemory(states).remember([aReceived({ deviceId })]))[0]?.device ?? null
    return Promise.resolve({ states, read })
  })
})

describe('a journal in memory', () => {
  journals(() => {
    const journal = createMemoryJournal({ now: () => 0 })
    return Promise.resolve([journal, journal])
  }, 200)

  test('forgets an answer after its time to live', async () => {
    let now = 0
    const journal = createMemoryJournal({ now: () => now, ttlMs: 10 })
    const entry = { paymentId: 'p', attempt: 1, contentHash: '00000000000000aa', bytes: Buffer.from('a') }
    await journal.first([entry])
    now = 9
    expect(await journal.first([entry])).toMatchObject([{ kind: 'repeated' }])
    now = 10
    expect(await journal.first([entry])).toEqual([{ kind: 'first' }])
  })
})
