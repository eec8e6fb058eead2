import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mergeByTime, type Timed, type TimedSource } from '../../../../src/offline/rebuild/mergeByTime.ts'

/** Hands out the given pieces one after the other; an empty one would be the end. */
const sourceOf = <T>(pieces: readonly (readonly Timed<T>[])[]): TimedSource<T> => {
  const left = pieces.filter((piece) => piece.length > 0)
  return { read: () => Promise.resolve(left.shift() ?? []) }
}

const merge = async <T>(sources: readonly TimedSource<T>[], size = 3): Promise<readonly (readonly T[])[]> => {
  const batches: (readonly T[])[] = []
  for await (const batch of mergeByTime(sources, size)) batches.push(batch)
  return batches
}

const timed = <T>(at: number, item: T): Timed<T> => ({ at, item })

describe('mergeByTime', () => {
  test('items of several sources come by their time, some at once', async () => {
    const one = sourceOf([[timed(1, 'a'), timed(4, 'd')], [timed(5, 'e')]])
    const other = sourceOf([[timed(2, 'b')], [timed(3, 'c')]])
    expect(await merge([one, other])).toEqual([
      ['a', 'b', 'c'],
      ['d', 'e'],
    ])
  })

  test('of equal times the first source goes first; a source keeps its order, whatever its times', async () => {
    expect(await merge([sourceOf([[timed(2, 'a')]]), sourceOf([[timed(2, 'b')]])])).toEqual([['a', 'b']])
    expect(await merge([sourceOf([[timed(9, 'a'), timed(1, 'b')]]), sourceOf([[timed(5, 'c')]])])).toEqual([
      ['c', 'a', 'b'],
    ])
  })

  test('nothing gives nothing', async () => {
    expect(await merge([])).toEqual([])
    expect(await merge([sourceOf([])])).toEqual([])
  })

  test('property: sources in time order, in any pieces, give all items in time order, each source in its own', async () => {
    const times = fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 12 })
    const source = fc.tuple(times, fc.integer({ min: 1, max: 4 }))
    await fc.assert(
      fc.asyncProperty(
        fc.array(source, { maxLength: 5 }),
        fc.integer({ min: 1, max: 7 }),
        async (given, size) => {
          const lists = given.map(([list], from) =>
            list.toSorted((a, b) => a - b).map((at, index) => timed(at, { at, from, index })),
          )
          const sources = lists.map((list, i) => {
            const piece = given[i]?.[1] ?? 1
            return sourceOf(
              Array.from({ length: Math.ceil(list.length / piece) }, (_, at) =>
                list.slice(at * piece, (at + 1) * piece),
              ),
            )
          })
          const batches = await merge(sources, size)
          const expected = lists
            .flat()
            .map(({ item }) => item)
            .toSorted((a, b) => a.at - b.at || a.from - b.from || a.index - b.index)
          expect(batches.flat()).toEqual(expected)
          expect(batches.slice(0, -1).every((batch) => batch.length === size)).toBe(true)
        },
      ),
    )
  })
})
