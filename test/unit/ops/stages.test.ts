import { describe, expect, it } from 'vitest'
import { createTimed } from '../../../src/ops/stages.ts'

/** A clock that goes on by `stepMs` each time it is read. */
const steppingClock = (stepMs: number) => {
  let nowMs = 0
  return () => (nowMs += stepMs)
}

const setUp = () => {
  const seen: [string, number][] = []
  const wrap = createTimed<string>(steppingClock(2), (stage, seconds) => seen.push([stage, seconds]))
  return { seen, ...wrap }
}

describe('createTimed', () => {
  it('observes a stage and gives its result', () => {
    const { seen, timed } = setUp()
    const add = timed('add', (a: number, b: number) => a + b)
    expect(add(1, 2)).toBe(3)
    expect(seen).toEqual([['add', 0.002]])
  })

  it('observes a stage that waits only when it is done', async () => {
    const { seen, timedAsync } = setUp()
    let finish: (value: string) => void = () => undefined
    const result = timedAsync('wait', () => new Promise<string>((resolve) => (finish = resolve)))()
    expect(seen).toEqual([])
    finish('done')
    expect(await result).toBe('done')
    expect(seen).toEqual([['wait', 0.002]])
  })

  it('observes a stage that fails, and lets the failure through', async () => {
    const { seen, timed, timedAsync } = setUp()
    const fail = () => {
      throw new Error('no')
    }
    expect(() => timed('sync', fail)()).toThrow('no')
    await expect(timedAsync('async', async () => fail())()).rejects.toThrow('no')
    expect(seen.map(([stage]) => stage)).toEqual(['sync', 'async'])
  })
})
