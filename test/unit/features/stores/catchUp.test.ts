import { expect, test } from 'vitest'
import type { Appends } from '../../../../src/features/appends.ts'
import type { Attempted, Availability } from '../../../../src/features/availability.redis.ts'
import { createCatchUp } from '../../../../src/features/catchUp.redis.ts'
import type { HistoriesEvent } from '../../../../src/features/histories.ts'

const appendsTo = (shard: number): Appends => ({
  records: Buffer.alloc(72),
  recordBytes: 72,
  view: new DataView(new ArrayBuffer(72)),
  places: new Int32Array([0, -1, -1, -1, -1, -1]),
  touched: [{ entity: { key: `k${shard}`, shard, hash: 1, copy: null, batch: 0, place: 0 }, records: [0] }],
  latest: 1_000 + shard,
})

/** A Redis that answers when it is told to, and what it was asked. */
const createStubbed = (missedMaxBytes = 10_000) => {
  const appended: number[] = []
  const declared: (readonly [number, number])[] = []
  const events: (readonly [HistoriesEvent, number])[] = []
  let away = false
  let failing = false
  let answers: Promise<void> = Promise.resolve()
  let onBack = (): void => undefined
  const attempt = async <T>(call: () => Promise<T>): Promise<Attempted<T>> => {
    if (away || failing) return { answered: false }
    return { answered: true, value: await call() }
  }
  const availability: Availability = {
    attempt,
    attemptBeside: attempt,
    commandTimeoutMs: 5,
    isAway: () => away,
    onBack: (listener) => {
      onBack = listener
    },
    close: () => undefined,
  }
  const catchUp = createCatchUp({
    availability,
    append: async ({ latest }) => {
      await answers
      appended.push(latest)
    },
    declareLost: (lostUntil) => {
      declared.push(...lostUntil)
      return Promise.resolve()
    },
    onEvent: (event, count) => events.push([event, count]),
    missedMaxBytes,
  })
  return {
    catchUp,
    appended,
    declared,
    events,
    goAway: () => {
      away = true
    },
    fail: (now: boolean) => {
      failing = now
    },
    hang: () => {
      let wake = (): void => undefined
      answers = new Promise((resolve) => {
        wake = resolve
      })
      return wake
    },
    comeBack: () => {
      away = false
      onBack()
    },
  }
}

test('nothing is missed: ready at once', async () => {
  expect(await createStubbed().catchUp.isReady()).toBe(true)
})

test('not ready while Redis is away, nor until all that it missed is appended', async () => {
  const { catchUp, appended, goAway, comeBack, hang } = createStubbed()
  goAway()
  for (const shard of [1, 2, 3]) catchUp.miss(appendsTo(shard))
  expect(await catchUp.isReady()).toBe(false)
  const wake = hang()
  comeBack()
  expect(await catchUp.isReady()).toBe(false)
  wake()
  expect(await catchUp.isReady()).toBe(true)
  expect(appended).toEqual([1_001, 1_002, 1_003])
})

test('what fails again waits for the next time', async () => {
  const { catchUp, appended, events, fail } = createStubbed()
  fail(true)
  catchUp.miss(appendsTo(1))
  expect(await catchUp.isReady()).toBe(false)
  fail(false)
  expect(await catchUp.isReady()).toBe(true)
  expect(appended).toEqual([1_001])
  expect(events).toEqual([
    ['records_missed', 1],
    ['records_caught_up', 1],
  ])
})

test('what is lost is declared before anybody is told a history', async () => {
  const { catchUp, declared, goAway, comeBack } = createStubbed(100)
  goAway()
  catchUp.miss(appendsTo(7))
  comeBack()
  expect(await catchUp.isReady()).toBe(true)
  expect(declared).toEqual([[7, 1_007]])
})

test('closing tries once more and reports what stays behind', async () => {
  const { catchUp, events, goAway } = createStubbed()
  goAway()
  catchUp.miss(appendsTo(1))
  await catchUp.close()
  expect(events).toEqual([
    ['records_missed', 1],
    ['records_lost', 1],
  ])
})

test('what is handed over while it is under way is appended by whoever adopts it, and not counted twice', async () => {
  const [one, other] = [createStubbed(), createStubbed()]
  one.goAway()
  one.catchUp.miss(appendsTo(1))
  const wake = one.hang()
  one.comeBack()
  const released = one.catchUp.release()
  other.catchUp.adopt(released)
  wake()
  expect(await one.catchUp.isReady()).toBe(true)
  expect(await other.catchUp.isReady()).toBe(true)
  expect(other.appended).toEqual([1_001])
  expect(one.events).toEqual([['records_missed', 1]])
  expect(other.events).toEqual([['records_caught_up', 1]])
})
