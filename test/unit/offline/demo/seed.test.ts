import { describe, expect, it } from 'vitest'
import { livePast } from '../../../../src/offline/demo/past.ts'
import { seedPast } from '../../../../src/offline/seed.ts'
import { events } from '../../../../src/offline/simulator/events.ts'
import { createWorld } from '../../../../src/offline/simulator/world.ts'
import { paymentEvent, reportEvent } from '../../../support/simulated.ts'

const startAt = Date.UTC(2026, 0, 5)
const dayMs = 86_400_000
const world = createWorld({ seed: 5, accounts: 40, startAt })

const stores = () => {
  const seeded: { readonly id: string; readonly outcome: string; readonly partition: number }[] = []
  const reports: string[] = []
  return {
    seeded,
    reports,
    seed: async (batch: Parameters<Parameters<typeof seedPast>[1]['seed']>[0]) => {
      await Promise.resolve()
      for (const { received, outcome } of batch)
        seeded.push({ id: received.payment.paymentId, outcome, partition: received.source.partition })
    },
    deviceStates: {
      apply: async (batch: readonly { readonly reportId: string }[]) => {
        await Promise.resolve()
        reports.push(...batch.map(({ reportId }) => reportId))
      },
    },
    contentHash: () => '0011223344556677',
  }
}

describe('seeding', () => {
  it('remembers every payment as allowed, in order, under no partition of a topic', async () => {
    const kept = stores()
    const past = [reportEvent('r1', 1), paymentEvent('p1', 2), paymentEvent('p2', 3)]
    expect(await seedPast(past, kept)).toEqual({ payments: 2, reports: 1 })
    expect(kept.seeded).toEqual([
      { id: 'p1', outcome: 'ALLOW', partition: 65_535 },
      { id: 'p2', outcome: 'ALLOW', partition: 65_535 },
    ])
    expect(kept.reports).toEqual(['r1'])
  })

  it('keeps the order over many calls', async () => {
    const kept = stores()
    const past = Array.from({ length: 20_001 }, (_, i) => paymentEvent(`p${i}`, i))
    await seedPast(past, kept)
    expect(kept.seeded.map(({ id }) => id)).toEqual(past.map(({ payment }) => payment.paymentId))
  })

  it('makes no call before the one before it is through: the order of a log is that of the payments', async () => {
    let underWay = 0
    let most = 0
    const kept = {
      ...stores(),
      seed: async () => {
        underWay += 1
        most = Math.max(most, underWay)
        await new Promise((resolve) => setImmediate(resolve))
        underWay -= 1
      },
    }
    await seedPast(
      Array.from({ length: 30_000 }, (_, i) => paymentEvent(`p${i}`, i)),
      kept,
    )
    expect(most).toBe(1)
  })

  it('rejects when a store does, whether or not it is the last call', async () => {
    const failing = { ...stores(), seed: () => Promise.reject(new Error('Redis is gone')) }
    const past = (count: number) => Array.from({ length: count }, (_, i) => paymentEvent(`p${i}`, i))
    await expect(seedPast(past(10), failing)).rejects.toThrow('Redis is gone')
    await expect(seedPast(past(20_000), failing)).rejects.toThrow('Redis is gone')
  })

  it('leaves the last payments of a world to be sent', async () => {
    const kept = stores()
    const untilAt = startAt + 6 * dayMs
    const past = await livePast({ world, untilAt, payments: 50 }, kept)
    const all = [...events(world, { untilAt })].flatMap((event) =>
      event.kind === 'payment' ? [event.payment.paymentId] : [],
    )
    const toCome = past.toCome.flatMap((event) => (event.kind === 'payment' ? [event.payment.paymentId] : []))
    expect([...kept.seeded.map(({ id }) => id), ...toCome]).toEqual(all)
    expect(toCome).toHaveLength(50)
    expect(past.payments).toBe(all.length - 50)
  })
})
