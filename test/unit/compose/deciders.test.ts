import { describe, expect, it } from 'vitest'
import { createDeciders } from '../../../src/compose/deciders.ts'
import { scoredWith, slotsOf } from '../decision/scored.ts'

const scored = scoredWith(slotsOf(['amount']))

const scorerOf = (model: string, score: () => Float64Array) => ({
  model,
  engine: { backend: 'wasm', version: '4' } as const,
  score,
  reasonCodes: [],
  explain: () => [],
  tensorCount: () => 0,
  dispose: () => undefined,
})
const failing = (): Float64Array => {
  throw new Error('planted')
}

describe('a payment that no model has scored', () => {
  const failures: unknown[] = []
  const deps = {
    observeModelScore: () => undefined,
    onModelFailure: (error: unknown) => failures.push(error),
    monotonic: () => 0,
  }

  it.each([
    ['the model throws', failing],
    ['the network gives no number', () => Float64Array.of(NaN)],
  ])('says that it lacks the model: %s', (_, score) => {
    const deciders = createDeciders({ ...deps, champion: scorerOf('champion/1', score), canary: null })
    const [found] = deciders.score([{ ...scored, degraded: ['history.account', 'rates'] }])
    expect(found).toMatchObject({ probability: NaN, degraded: ['history.account', 'model', 'rates'] })
    expect(deciders.score([found!])[0]?.degraded).toEqual(['history.account', 'model', 'rates'])
  })

  it('lacks nothing where the champion scores for a canary that failed', () => {
    const before = failures.length
    const deciders = createDeciders({
      ...deps,
      champion: scorerOf('champion/1', () => Float64Array.of(0.25)),
      canary: { scorer: scorerOf('canary/1', failing), takes: () => true },
    })
    expect(deciders.score([scored])).toMatchObject([{ probability: 0.25, model: 'champion/1', degraded: [] }])
    expect(failures.length).toBe(before + 1)
  })
})
