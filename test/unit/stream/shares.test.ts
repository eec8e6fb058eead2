import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Assessed } from '../../../src/domain/decision.ts'
import type { Outbound, SecondOpinions } from '../../../src/stream/flow.ts'
import { joinedShare, sharesOf, type Share } from '../../../src/stream/shares.ts'

type Place = {
  readonly partition: number
  readonly offset: number
  readonly kind: 'settled' | 'silent' | 'refused'
}

/** Only what the shares read: where each record stood. */
const outboundOf = (places: readonly Place[]): Outbound => {
  const sources = (kinds: readonly Place['kind'][]) =>
    places.filter(({ kind }) => kinds.includes(kind)).map(({ partition, offset }) => ({ partition, offset }))
  return {
    settled: sources(['settled', 'silent']).map((source) => ({ assessed: { source } })),
    answers: sources(['settled']).map((source) => ({ source })),
    refused: sources(['refused']).map((source) => ({ source })),
    secondOpinions: null,
  } as unknown as Outbound
}

const places = fc.uniqueArray(
  fc.record({
    partition: fc.nat({ max: 3 }),
    offset: fc.nat({ max: 30 }),
    kind: fc.constantFrom('settled', 'silent', 'refused'),
  }),
  { selector: ({ partition, offset }) => `${partition} ${offset}` },
)

it('property: each record is in the share of its partition, and the stretch reaches from the first to the last', () => {
  fc.assert(
    fc.property(places, (all) => {
      const shares = sharesOf(outboundOf(all))
      expect(shares.map(({ partition }) => partition).toSorted((a, b) => a - b)).toEqual(
        [...new Set(all.map(({ partition }) => partition))].toSorted((a, b) => a - b),
      )
      for (const { partition, first, last, outbound } of shares) {
        const own = all.filter((place) => place.partition === partition)
        const count = (...kinds: readonly Place['kind'][]) =>
          own.filter(({ kind }) => kinds.includes(kind)).length
        expect([first, last]).toEqual([
          Math.min(...own.map(({ offset }) => offset)),
          Math.max(...own.map(({ offset }) => offset)),
        ])
        expect([outbound.settled.length, outbound.answers.length, outbound.refused.length]).toEqual([
          count('settled', 'silent'),
          count('settled'),
          count('refused'),
        ])
      }
    }),
  )
})

describe('shares of one partition as one', () => {
  const shareAt = (offsets: readonly number[], secondOpinions: SecondOpinions | null = null): Share => {
    const [share] = sharesOf({
      ...outboundOf(offsets.map((offset) => ({ partition: 0, offset, kind: 'settled' }))),
      secondOpinions,
    })
    if (share === undefined) throw new Error('there is no share')
    return share
  }
  /** Tells which bundle was asked for which payments. */
  const opinionsOf =
    (model: string): SecondOpinions =>
    (assessed) =>
      Promise.resolve(
        assessed.map(({ source }) => [
          { model, probability: source.offset, outcome: 'ALLOW', scoreMicros: 1 },
        ]),
      )
  const assessedOf = ({ outbound }: Share): readonly Assessed[] =>
    outbound.settled.map(({ assessed }) => assessed)

  it('reach from the first to the last, in their order', () => {
    const { partition, first, last, outbound } = joinedShare([shareAt([3, 4]), shareAt([5]), shareAt([6, 7])])
    expect([partition, first, last]).toEqual([0, 3, 7])
    expect(outbound.answers.map(({ source }) => source.offset)).toEqual([3, 4, 5, 6, 7])
    expect(outbound.settled).toHaveLength(5)
    expect(outbound.secondOpinions).toBeNull()
  })

  it('ask the models of each micro-batch for its own payments, and for no others', async () => {
    const [before, without, after] = [
      shareAt([1, 2], opinionsOf('old')),
      shareAt([3]),
      shareAt([4, 5], opinionsOf('new')),
    ]
    const { outbound } = joinedShare([before, without, after])
    // Of a payment that was answered before nobody asks.
    const asked = [...assessedOf(before).slice(1), ...assessedOf(without), ...assessedOf(after)]
    const opinions = await outbound.secondOpinions?.(asked)
    expect(opinions?.map((each) => each.map(({ model, probability }) => `${model} ${probability}`))).toEqual([
      ['old 2'],
      [],
      ['new 4'],
      ['new 5'],
    ])
  })
})
