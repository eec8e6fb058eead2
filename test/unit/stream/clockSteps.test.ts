import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { patchClockSteps, type ClockStepsParts } from '../../../src/stream/clockSteps.kafka.ts'

const hourMs = 3_600_000
const requestTimeout = 15_000

/** The parts of kafkajs, as far as they go by the clock. */
const open = (version = '2.2.4') => {
  let set = 1_800_000_000_000
  const startedAt = performance.now()
  let stood = 0
  const monotonic = () => performance.now() - startedAt + stood
  const now = () => set + monotonic()
  const heartbeats: number[] = []
  const refreshes: number[] = []
  const group = {
    lastRequest: now(),
    heartbeat(this: { lastRequest: number }, { interval }: { interval: number }) {
      if (now() >= this.lastRequest + interval) {
        heartbeats.push(now())
        this.lastRequest = now()
      }
      return Promise.resolve()
    },
  }
  const pool = {
    metadataExpireAt: now() + 10_000,
    metadataMaxAge: 10_000,
    refreshMetadataIfNecessary(this: { metadataExpireAt: number; metadataMaxAge: number }) {
      if (now() > this.metadataExpireAt) {
        refreshes.push(now())
        this.metadataExpireAt = now() + this.metadataMaxAge
      }
      return Promise.resolve()
    },
  }
  const timedOut: string[] = []
  const requests: { sentAt: number; requestTimeout: number; timeoutRequest: () => void }[] = []
  const queue = {
    enforceRequestTimeout: true,
    requestTimeout,
    requestTimeoutIntervalId: null as NodeJS.Timeout | null,
    throttledUntil: -1,
    throttleCheckTimeoutId: null as NodeJS.Timeout | null,
    looked: 0,
    checkPendingRequests() {
      this.looked += 1
    },
    inflight: requests,
    isConnected: () => true,
    destroy() {
      if (this.requestTimeoutIntervalId !== null) clearInterval(this.requestTimeoutIntervalId)
    },
    scheduleRequestTimeoutCheck: () => expect.fail('kafkajs has its own'),
  }
  const warnings: string[] = []
  const parts: ClockStepsParts = { version, group, queue, pool, now, monotonic }
  const patched = patchClockSteps((message) => warnings.push(message), parts)
  return {
    patched,
    warnings,
    group,
    heartbeats,
    pool,
    refreshes,
    queue,
    timedOut,
    send: (name: string) =>
      requests.push({ sentAt: now(), requestTimeout, timeoutRequest: () => timedOut.push(name) }),
    now,
    /** The process does nothing for so long. */
    stand: (ms: number) => {
      stood += ms
    },
    step: (ms: number) => {
      set += ms
    },
  }
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] }))
afterEach(() => void vi.useRealTimers())

describe('where the clock is set', () => {
  it.each([-hourMs, hourMs])('by %i ms heartbeats go on', async (ms) => {
    const { group, heartbeats, step } = open()
    step(ms)
    await group.heartbeat({ interval: 1_200 })
    await group.heartbeat({ interval: 1_200 })
    expect(heartbeats).toHaveLength(1)
    vi.advanceTimersByTime(1_300)
    await group.heartbeat({ interval: 1_200 })
    expect(heartbeats).toHaveLength(2)
  })

  it('back, partitions are asked for again once what is known has expired', async () => {
    const { pool, refreshes, step } = open()
    await pool.refreshMetadataIfNecessary()
    expect(refreshes).toEqual([])
    step(-hourMs)
    await pool.refreshMetadataIfNecessary()
    await pool.refreshMetadataIfNecessary()
    expect(refreshes).toHaveLength(1)
  })

  it.each([-hourMs, hourMs])('by %i ms requests get their whole time, and no more', (ms) => {
    const { queue, send, step, timedOut } = open()
    queue.scheduleRequestTimeoutCheck()
    send('before')
    vi.advanceTimersByTime(10_000)
    step(ms)
    send('after')
    vi.advanceTimersByTime(14_900)
    expect(timedOut).toEqual([])
    vi.advanceTimersByTime(400)
    expect(new Set(timedOut)).toEqual(new Set(['before', 'after']))
    queue.destroy()
  })

  it('back, a connection that was throttled sends again', () => {
    const { queue, now, step } = open()
    queue.scheduleRequestTimeoutCheck()
    queue.throttledUntil = now() + 100
    step(-hourMs)
    vi.advanceTimersByTime(100)
    expect(queue.throttledUntil).toBeLessThanOrEqual(now())
    queue.destroy()
  })

  it('ahead and back again, nothing waits for a time that the clock showed in between', () => {
    const { queue, now, step } = open()
    queue.scheduleRequestTimeoutCheck()
    queue.throttleCheckTimeoutId = setTimeout(() => undefined, hourMs)
    step(hourMs)
    vi.advanceTimersByTime(100)
    expect([queue.throttleCheckTimeoutId, queue.looked]).toEqual([null, 1])
    step(-hourMs)
    // Before anything has looked at the clock again.
    expect(queue.throttledUntil).toBeLessThanOrEqual(now())
    queue.destroy()
  })
})

it('a request times out when its time is over, where nobody touches the clock', () => {
  const { queue, send, timedOut } = open()
  queue.scheduleRequestTimeoutCheck()
  send('one')
  vi.advanceTimersByTime(15_000)
  expect(timedOut).toEqual([])
  vi.advanceTimersByTime(200)
  expect(timedOut).toContain('one')
  queue.destroy()
})

it('a request that may have been answered while our process stood still does not time out before that is read', () => {
  const { queue, send, timedOut, stand } = open()
  queue.scheduleRequestTimeoutCheck()
  send('one')
  stand(20_000)
  vi.advanceTimersByTime(100)
  expect(timedOut).toEqual([])
  vi.advanceTimersByTime(100)
  expect(timedOut).toContain('one')
  queue.destroy()
})

it('leaves another version as it is, and says what that means', () => {
  const { patched, warnings } = open('2.3.0')
  expect(patched).toBe(false)
  expect(warnings).toEqual([expect.stringContaining('heartbeats')])
})

it('fits the kafkajs that is installed', () => {
  const warn = vi.fn()
  expect(patchClockSteps(warn)).toBe(true)
  expect(warn).not.toHaveBeenCalled()
})
