import { describe, expect, it } from 'vitest'
import { openLoop } from '../../../../src/offline/demo/openLoop.ts'
import type { Departure } from '../../../../src/offline/demo/timetable.ts'

const departures = [0, 10, 20, 30].map((atMs): Departure<string> => ({ atMs, event: `at ${atMs}` }))

/** A clock that goes on only while somebody waits, and by `extraMs` more than asked for. */
const clockFrom = (startedAt: number, extraMs = 0) => {
  let at = startedAt
  return {
    monotonic: () => at,
    wait: async (ms: number) => {
      at += ms + extraMs
      await Promise.resolve()
    },
  }
}

describe('the open loop', () => {
  it('sends each departure at its time, without waiting for the one before', async () => {
    const clock = clockFrom(1_000)
    const sent: (readonly [number, readonly string[]])[] = []
    let release: () => void = () => undefined
    const never = new Promise<void>((resolve) => {
      release = resolve
    })
    const done = openLoop(departures, 1_000, {
      ...clock,
      send: (due) => {
        sent.push([clock.monotonic(), due.map(({ event }) => event)])
        if (sent.length === 4) release()
        return never
      },
    })
    await done
    expect(sent).toEqual([
      [1_000, ['at 0']],
      [1_010, ['at 10']],
      [1_020, ['at 20']],
      [1_030, ['at 30']],
    ])
  })

  it('sends together what is late, with the times that were intended', async () => {
    const clock = clockFrom(0, 15)
    const sent: (readonly number[])[] = []
    await openLoop(departures, 0, {
      ...clock,
      send: async (due) => {
        sent.push(due.map(({ atMs }) => atMs))
        await Promise.resolve()
      },
    })
    expect(sent).toEqual([[0], [10, 20], [30]])
  })

  it('stops at the first failure and rejects with it', async () => {
    const sent: number[] = []
    const failing = openLoop(departures, 0, {
      ...clockFrom(0),
      send: async (due) => {
        sent.push(due.length)
        await Promise.resolve()
        throw new Error('the broker is gone')
      },
    })
    await expect(failing).rejects.toThrow('the broker is gone')
    expect(sent.length).toBeLessThan(4)
  })
})
