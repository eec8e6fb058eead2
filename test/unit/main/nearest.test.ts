import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { editDistance, nearest } from '../../../src/nearest.ts'

/** By its definition, exponential: the last letters agree, or one of three edits was the last. */
const naiveDistance = (a: string, b: string): number => {
  if (a === '') return b.length
  if (b === '') return a.length
  const [restA, restB] = [a.slice(1), b.slice(1)]
  if (a[0] === b[0]) return naiveDistance(restA, restB)
  return 1 + Math.min(naiveDistance(restA, b), naiveDistance(a, restB), naiveDistance(restA, restB))
}

describe('nearest', () => {
  it('finds what was meant', () => {
    expect(nearest('evalute', ['train', 'evaluate', 'score'])).toBe('evaluate')
    expect(nearest('rum', ['run', 'demo'])).toBe('run')
  })

  it('finds nothing where nothing is near', () => {
    expect(nearest('zebra', ['train', 'evaluate', 'score'])).toBeNull()
    expect(nearest('x', [])).toBeNull()
  })

  it('agrees with the definition of the distance', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 })
    fc.assert(fc.property(word, word, (a, b) => editDistance(a, b) === naiveDistance(a, b)))
  })
})
