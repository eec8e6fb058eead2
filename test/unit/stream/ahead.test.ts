import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createAhead } from '../../../src/stream/ahead.ts'
import type { Positions } from '../../../src/stream/flow.ts'
import { recordAt } from '../../support/rawRecords.ts'

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

type Played = {
  readonly offset: number
  readonly decide: () => void
  readonly publish: () => void
  readonly fail: () => void
}

/** A flow and a settling that the test plays. */
const setUp = (max: number, goesOn: (offset: number) => boolean = () => true) => {
  const begun: Played[] = []
  const settled: number[] = []
  const ahead = createAhead({
    flow: ([record], onDecided) =>
      new Promise<Positions>((resolve, reject) =>
        begun.push({
          offset: record?.offset ?? NaN,
          decide: () => onDecided?.(),
          publish: () => resolve(new Map()),
          fail: () => reject(new Error(`no answer to ${record?.offset}`)),
        }),
      ),
    max,
    settle: async ([record], published) => {
      await published
      settled.push(record?.offset ?? NaN)
      return goesOn(record?.offset ?? NaN)
    },
  })
  return { ahead, begun, settled }
}

describe('micro-batches ahead of what is published', () => {
  it('begins the next when one is decided, and waits where too many are not published', async () => {
    const { ahead, begun, settled } = setUp(2)
    const first = ahead.begin([recordAt(0)])
    await turn()
    expect(await Promise.race([first, Promise.resolve('not decided')])).toBe('not decided')
    begun[0]?.decide()
    expect(await first).toBe(true)

    const second = ahead.begin([recordAt(1)])
    begun[1]?.decide()
    await turn()
    expect([settled, await Promise.race([second, Promise.resolve('full')])]).toEqual([[], 'full'])
    begun[0]?.publish()
    expect(await second).toBe(true)
    expect(settled).toEqual([0])

    begun[1]?.publish()
    expect(await ahead.settleAll()).toBe(true)
    expect(settled).toEqual([0, 1])
  })

  it('settles in order, also where the later is published first', async () => {
    const { ahead, begun, settled } = setUp(3)
    for (const offset of [0, 1]) {
      const beginning = ahead.begin([recordAt(offset)])
      begun[offset]?.decide()
      await beginning
    }
    const all = ahead.settleAll()
    begun[1]?.publish()
    await turn()
    expect(settled).toEqual([])
    begun[0]?.publish()
    await all
    expect(settled).toEqual([0, 1])
  })

  it('lets what failed fail in its turn, and begins nothing behind it', async () => {
    const { ahead, begun, settled } = setUp(8)
    const first = ahead.begin([recordAt(0)])
    begun[0]?.decide()
    await first
    const second = ahead.begin([recordAt(1)])
    begun[1]?.fail()
    await turn()
    begun[0]?.publish()
    await expect(second).rejects.toThrow('no answer to 1')
    expect(settled).toEqual([0])
  })

  it('stops where settling says so, and ends when nothing is under way', async () => {
    const { ahead, begun, settled } = setUp(8, (offset) => offset !== 0)
    for (const offset of [0, 1]) {
      const beginning = ahead.begin([recordAt(offset)])
      begun[offset]?.decide()
      await beginning
    }
    begun[0]?.publish()
    expect(await ahead.settleAll()).toBe(false)
    const ended = ahead.ended()
    await turn()
    expect(await Promise.race([ended.then(() => 'ended'), Promise.resolve('under way')])).toBe('under way')
    begun[1]?.fail()
    await ended
    expect(settled).toEqual([0])
  })

  it('property: never more than so many are not settled, and all are settled in their order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.record({ decided: fc.nat(3), published: fc.nat(6) }), { minLength: 1, maxLength: 12 }),
        async (max, turnsOf) => {
          const [settled, unsettled]: [number[], number[]] = [[], []]
          let begun = 0
          const ahead = createAhead({
            flow: async (_, onDecided) => {
              const { decided, published } = turnsOf[begun++] ?? { decided: 0, published: 0 }
              unsettled.push(begun - settled.length)
              for (let i = 0; i < decided; i++) await turn()
              onDecided?.()
              for (let i = 0; i < published; i++) await turn()
              return new Map()
            },
            max,
            settle: async ([record], published) => {
              await published
              settled.push(record?.offset ?? NaN)
              return true
            },
          })
          for (const offset of turnsOf.keys()) expect(await ahead.begin([recordAt(offset)])).toBe(true)
          expect(await ahead.settleAll()).toBe(true)
          expect(settled).toEqual([...turnsOf.keys()])
          expect(Math.max(...unsettled)).toBe(Math.min(max, turnsOf.length))
        },
      ),
    )
  })
})
