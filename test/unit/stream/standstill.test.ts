import { describe, expect, it } from 'vitest'
import { createAtLeastOnce } from '../../../src/stream/delivery.ts'
import type { Outbound } from '../../../src/stream/flow.ts'
import { createStandstill } from '../../../src/stream/standstill.ts'

const limitMs = 3_000

const setUp = () => {
  let now = 0
  const standstill = createStandstill({ monotonic: () => now, limitMs })
  return {
    standstill,
    pass: (ms: number) => {
      now += ms
    },
  }
}

describe('a standstill', () => {
  it('is none while somebody looks often enough, however long that goes on', () => {
    const { standstill, pass } = setUp()
    for (let i = 0; i < 100; i++) {
      pass(limitMs)
      standstill.observe()
    }
    expect(standstill.count()).toBe(0)
  })

  it('is known to whoever asks first after it, and counts once', () => {
    const { standstill, pass } = setUp()
    pass(limitMs + 1)
    expect(standstill.count()).toBe(1)
    standstill.observe()
    expect(standstill.count()).toBe(1)
  })
})

describe('at-least-once delivery', () => {
  const outbound: Outbound = { settled: [], answers: [], refused: [], secondOpinions: null }

  it('publishes nothing after a standstill until the group was joined again', async () => {
    const { standstill, pass } = setUp()
    let published = 0
    const delivery = createAtLeastOnce(async () => {
      published += 1
      return new Map([[0, '1']])
    }, standstill.count)
    expect(await delivery.publish(outbound)).toEqual(new Map([[0, '1']]))
    expect(delivery.lost(0)).toBeNull()

    pass(limitMs + 1)
    expect(await delivery.publish(outbound)).toEqual(new Map())
    expect(delivery.lost(0)?.message).toContain('stood still')
    standstill.observe()
    expect(await delivery.publish(outbound)).toEqual(new Map())
    expect(published).toBe(1)

    delivery.forget()
    expect(delivery.lost(0)).toBeNull()
    await delivery.publish(outbound)
    expect(published).toBe(2)
  })
})
