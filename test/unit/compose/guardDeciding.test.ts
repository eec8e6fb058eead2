import { describe, expect, it } from 'vitest'
import { guardDeciding } from '../../../src/compose/guardDeciding.ts'
import type { Assessed, Scored } from '../../../src/domain/decision.ts'
import { scoredWith, slotsOf } from '../decision/scored.ts'

const scored = scoredWith(slotsOf(['amount']))
const assessedOf = (each: Scored): Assessed => ({
  ...each,
  outcome: 'ALLOW',
  riskLevel: 'LOW',
  reasons: [],
  stepUpMethod: null,
  notices: [],
  logOdds: null,
  explainedLogOdds: null,
  judged: 'ALLOW',
  exceptions: [],
  shed: [],
})
const deciding = (isModelOff: boolean) =>
  guardDeciding(
    { isModelOff: () => isModelOff, see: null, openBreakers: () => [], guards: null as never },
    assessedOf,
    {
      score: (enriched) => enriched.map((each) => ({ ...each, probability: 0.4, model: 'a-model/1' })),
      explain: (assessed) => assessed,
    },
  )

describe('deciding with guards', () => {
  it('asks the model, which the decision names', () => {
    const { score, assess } = deciding(false)
    const [found] = score([scored])
    expect(found).toMatchObject({ probability: 0.4, model: 'a-model/1' })
    expect(assess(found!).exceptions).toEqual([])
  })

  it('asks none while the model is off: none is named, and what is milder than it may have been is marked', () => {
    const { score, assess } = deciding(true)
    const [found] = score([scored])
    expect(found).toMatchObject({ probability: NaN, model: null, degraded: ['model'] })
    expect(assess(found!).exceptions).toEqual(['kill_switch'])
  })
})
