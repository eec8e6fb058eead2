import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createHasher } from '../../../src/features/hashing.ts'
import { createCanary } from '../../../src/model/canary.ts'

const hashTextWith = (key: number) => {
  const hasher = createHasher(Buffer.alloc(16, key))
  return (text: string): string => hasher.hashContent(Buffer.from(text))
}
const hashText = hashTextWith(3)
const accounts = Array.from({ length: 20_000 }, (_, at) => `acc-${at}`)
const share = fc.double({ min: 0, max: 1, noNaN: true })
const account = fc.string({ minLength: 1, maxLength: 40 })

const taken = (model: string, part: number, hash = hashText): readonly string[] =>
  accounts.filter(createCanary(model, part, hash))

describe('a canary', () => {
  it('takes about its share of the accounts, all with 1 and none with 0', () => {
    for (const part of [0.01, 0.05, 0.3]) {
      // Five standard deviations of a binomial.
      const bound = 5 * Math.sqrt(accounts.length * part * (1 - part))
      expect(Math.abs(taken('m/1', part).length - accounts.length * part)).toBeLessThan(bound)
    }
    expect(taken('m/1', 1)).toHaveLength(accounts.length)
    expect(taken('m/1', 0)).toHaveLength(0)
  })

  it('keeps an account, from one payment to the next and from one instance to another', () => {
    fc.assert(
      fc.property(account, share, (id, part) => {
        const takes = createCanary('m/1', part, hashText)
        expect(takes(id)).toBe(takes(id))
        expect(createCanary('m/1', part, hashTextWith(3))(id)).toBe(takes(id))
      }),
    )
  })

  it('keeps whom it has when its share grows', () => {
    fc.assert(
      fc.property(account, share, share, (id, one, other) => {
        const [small, large] = one < other ? [one, other] : [other, one]
        if (createCanary('m/1', small, hashText)(id))
          expect(createCanary('m/1', large, hashText)(id)).toBe(true)
      }),
    )
  })

  it('takes other accounts for another model, and with another key', () => {
    const both = (other: readonly string[]): number => {
      const first = new Set(taken('m/1', 0.1))
      return other.filter((id) => first.has(id)).length
    }
    // A tenth of a tenth by chance: 200, give or take five standard deviations.
    expect(Math.abs(both(taken('m/2', 0.1)) - 200)).toBeLessThan(71)
    expect(Math.abs(both(taken('m/1', 0.1, hashTextWith(4))) - 200)).toBeLessThan(71)
  })
})
