import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Outbound } from '../../../src/stream/flow.ts'
import { sharesOf } from '../../../src/stream/shares.ts'

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
