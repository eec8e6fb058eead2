import type { Outcome } from '../domain/outcome.ts'
import { always, compileUndegraded, type CompileCondition, type Condition } from './condition.ts'
import { confirmedSlot } from './confirmed.ts'
import type { FeatureIndex } from './facts.ts'
import type { Ground } from './ground.ts'
import { makeEach, refuse } from './invalid.ts'
import type { Judge } from './judge.ts'
import type { PolicyText } from './policyText.ts'
import { NO, UNKNOWN } from './truth.ts'

export type CompiledThreshold = {
  readonly condition: Condition
  readonly stepUp: number
  readonly block: number
  readonly askAgainAfter?: string | undefined
}

/** The last segment takes every payment that no other took, so that none is without a threshold. */
export const compileThresholds = (
  { spec, place }: PolicyText,
  compile: CompileCondition,
): readonly CompiledThreshold[] =>
  makeEach(spec.thresholds, ({ when, stepUp, block, askAgainAfter }, i) => {
    const isLast = i === spec.thresholds.length - 1
    if (isLast !== (when === undefined))
      refuse(
        place('thresholds', i),
        isLast ? 'the last segment takes no `when`' : 'only the last segment is without `when`',
      )
    if (stepUp > block) refuse(place('thresholds', i, 'stepUp'), `expected at most block, ${block}`)
    return {
      condition:
        when === undefined ? always : compileUndegraded(compile, place('thresholds', i, 'when'), when),
      stepUp,
      block,
      askAgainAfter,
    }
  })

/** The first segment that holds. One that may hold counts as well as the next: the stricter of them wins. */
export const bindThresholds = (thresholds: readonly CompiledThreshold[], slot: FeatureIndex): Judge => {
  const segments = thresholds.map(({ condition, stepUp, block, askAgainAfter }, i) => ({
    test: condition.bind(slot),
    stepUp,
    block,
    blocked: scored('BLOCK', i),
    steppedUp: { ...scored('STEP_UP', i), confirmedAt: confirmedSlot(askAgainAfter, slot) },
  }))
  return (payment, grounds) => {
    if (Number.isNaN(payment.probability)) return
    for (const { test, stepUp, block, blocked, steppedUp } of segments) {
      const truth = test(payment)
      if (truth === NO) continue
      if (payment.probability >= block) grounds.push(blocked)
      else if (payment.probability >= stepUp) grounds.push(steppedUp)
      if (truth !== UNKNOWN) return
    }
  }
}

const scored = (outcome: Outcome, segment: number): Ground => ({
  code: 'MODEL_SCORE',
  outcome,
  origin: { part: 'threshold', id: String(segment) },
  isFinal: false,
})
