import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  createWatermarks,
  type Watermarks,
  type WatermarksDeps,
} from '../../../src/stream/watermarks.kafka.ts'

type Admin = ReturnType<WatermarksDeps<string>['createAdmin']>

const limitMs = 10_000

/** A Kafka with one partition of each topic, and a clock that both it and the timers follow. */
const createStubbed = () => {
  const kafka = { end: 0, committed: 0, partitions: [0], fails: false, hangs: false }
  const seen = { admins: 0, disconnected: 0 }
  const changes: (readonly [string, boolean])[] = []
  const lags = new Map<string, number>()
  const failures: unknown[] = []
  const answer = async <T>(value: () => T): Promise<T> => {
    if (kafka.hangs) await new Promise(() => undefined)
    if (kafka.fails) throw new Error('no broker')
    return value()
  }
  const offsetOf = (offset: number) => ({ partition: 0, offset: String(offset), metadata: null })
  const createAdmin = (): Admin => {
    seen.admins++
    return {
      connect: () => answer(() => undefined),
      disconnect: () => {
        seen.disconnected++
        return Promise.resolve()
      },
      fetchTopicMetadata: ({ topics } = { topics: [] }) =>
        answer(() => ({
          topics: topics.map((name) => ({
            name,
            partitions: kafka.partitions.map((partitionId) => ({
              partitionId,
              partitionErrorCode: 0,
              leader: 1,
              replicas: [1],
              isr: [1],
            })),
          })),
        })),
      fetchOffsets: ({ topics = [] }) =>
        answer(() => topics.map((topic) => ({ topic, partitions: [offsetOf(kafka.committed)] }))),
      fetchTopicOffsets: () => answer(() => [{ ...offsetOf(kafka.end), low: '0', high: String(kafka.end) }]),
    }
  }
  const watermarks = createWatermarks({
    watched: [{ name: 'events', topic: 'test.events', groupId: 'g-events' }],
    createAdmin,
    monotonic: () => performance.now(),
    limitMs,
    observeLag: (name, seconds) => lags.set(name, seconds),
    onChange: (...change) => changes.push(change),
    onFailure: (error) => failures.push(error),
  })
  return { kafka, seen, watermarks, changes, lags, failures }
}

const startOf = async (watermarks: Watermarks<'events'>): Promise<void> => {
  const started = watermarks.start()
  await vi.advanceTimersByTimeAsync(1_100)
  await started
}

describe('the watermarks of side topics', () => {
  beforeEach(
    () =>
      void vi.useFakeTimers({
        toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'],
      }),
  )
  afterEach(() => void vi.useRealTimers())

  test('lag before anything is known, and not once it is known that nothing waits', async () => {
    const { watermarks, changes, lags } = createStubbed()
    expect(watermarks.isLagging('events')).toBe(true)
    await watermarks.start()
    expect(watermarks.isLagging('events')).toBe(false)
    expect(changes).toEqual([])
    expect(lags.get('events')).toBe(0)
  })

  test('a start waits a little for a topic into which records come all the time', async () => {
    const { kafka, watermarks } = createStubbed()
    kafka.end = 5
    const started = watermarks.start()
    await vi.advanceTimersByTimeAsync(0)
    kafka.end = 10
    kafka.committed = 8
    await vi.advanceTimersByTimeAsync(100)
    await started
    expect(watermarks.isLagging('events')).toBe(false)
  })

  test('a start does not wait for a long backlog: it is told', async () => {
    const { kafka, watermarks, changes, lags } = createStubbed()
    kafka.end = 5
    await startOf(watermarks)
    expect(watermarks.isLagging('events')).toBe(true)
    expect(changes).toEqual([['events', true]])
    expect(lags.get('events')).toBe(Infinity)
  })

  test('what waits longer than the limit lags until it is taken over', async () => {
    const { kafka, watermarks, changes, lags } = createStubbed()
    await watermarks.start()
    kafka.end = 1
    await vi.advanceTimersByTimeAsync(limitMs)
    expect(watermarks.isLagging('events')).toBe(false)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(watermarks.isLagging('events')).toBe(true)
    expect(lags.get('events')).toBeCloseTo(limitMs / 1000 + 1, 0)
    kafka.committed = 1
    await vi.advanceTimersByTimeAsync(2_000)
    expect(watermarks.isLagging('events')).toBe(false)
    expect(changes).toEqual([
      ['events', true],
      ['events', false],
    ])
  })

  test('a topic in which nothing happens never lags', async () => {
    const { kafka, watermarks, changes } = createStubbed()
    kafka.end = 3
    kafka.committed = 3
    await watermarks.start()
    await vi.advanceTimersByTimeAsync(100 * limitMs)
    expect(watermarks.isLagging('events')).toBe(false)
    expect(changes).toEqual([])
  })

  test.each(['fails', 'hangs'] as const)(
    'a Kafka that %s makes it lag, also for who only asks',
    async (how) => {
      const { kafka, watermarks, lags } = createStubbed()
      await watermarks.start()
      kafka[how] = true
      await vi.advanceTimersByTimeAsync(limitMs - 1_000)
      expect(watermarks.isLagging('events')).toBe(false)
      await vi.advanceTimersByTimeAsync(2_000)
      expect(watermarks.isLagging('events')).toBe(true)
      expect(lags.get('events')).toBeGreaterThan(limitMs / 1000)
    },
  )

  test('a question that is never answered is not the last', async () => {
    const { kafka, watermarks } = createStubbed()
    await watermarks.start()
    kafka.hangs = true
    await vi.advanceTimersByTimeAsync(5_000)
    kafka.hangs = false
    await vi.advanceTimersByTimeAsync(8_000)
    expect(watermarks.isLagging('events')).toBe(false)
  })

  test('after failures, told once, Kafka is asked by a new client', async () => {
    const { kafka, seen, watermarks, failures } = createStubbed()
    await watermarks.start()
    expect(seen).toEqual({ admins: 1, disconnected: 0 })
    kafka.fails = true
    await vi.advanceTimersByTimeAsync(3 * limitMs)
    expect(failures).toHaveLength(1)
    kafka.fails = false
    await vi.advanceTimersByTimeAsync(2_000)
    expect(watermarks.isLagging('events')).toBe(false)
    expect(seen.disconnected).toBeGreaterThan(1)
    expect(seen.admins).toBe(seen.disconnected + 1)
  })

  test('a partition that only the newest metadata tell of is not taken for an empty one', async () => {
    const { kafka, watermarks } = createStubbed()
    await watermarks.start()
    kafka.partitions = [0, 1]
    await vi.advanceTimersByTimeAsync(limitMs + 2_000)
    expect(watermarks.isLagging('events')).toBe(true)
  })

  test('a topic without partitions is no topic in which nothing waits', async () => {
    const { kafka, watermarks, failures } = createStubbed()
    kafka.partitions = []
    await startOf(watermarks)
    expect(watermarks.isLagging('events')).toBe(true)
    expect(failures).toHaveLength(1)
  })

  test('stopped, it lets go of Kafka', async () => {
    const { seen, watermarks } = createStubbed()
    await watermarks.start()
    await watermarks.stop()
    await vi.advanceTimersByTimeAsync(limitMs)
    expect(seen).toEqual({ admins: 1, disconnected: 1 })
  })
})
