import type { Outcome } from '../domain/outcome.ts'
import { always, type CompileCondition, type Condition } from './condition.ts'
import type { FeatureIndex } from './facts.ts'
import type { Ground, Origin } from './ground.ts'
import { refuse } from './invalid.ts'
import type { Judge } from './judge.ts'
import type { PolicyText } from './policyText.ts'
import { NO } from './truth.ts'

export type CompiledDegraded = {
  /** null: any input. */
  readonly inputs: readonly string[] | null
  readonly condition: Condition
  readonly outcome: Outcome
}

export const compileDegraded = (
  { spec, place }: PolicyText,
  compile: CompileCondition,
  known: readonly string[] | null,
): readonly CompiledDegraded[] =>
  spec.degraded.map(({ inputs, when, outcome }, i) => {
    const stranger = known === null ? undefined : inputs?.find((input) => !known.includes(input))
    if (stranger !== undefined)
      refuse(place('degraded', i, 'inputs'), `no input ${stranger}; there are ${known?.join(', ')}`)
    return {
      inputs: inputs ?? null,
      condition: when === undefined ? always : compile(place('degraded', i, 'when'), when),
      outcome,
    }
  })

const groundOf = (code: string, outcome: Outcome, origin: Origin): Ground => ({
  code,
  outcome,
  origin,
  isFinal: false,
})

/** What the policy gives a payment that could not be judged in full. Not knowing whether it applies: it applies. */
export const bindDegraded = (
  { inputs, condition, outcome }: CompiledDegraded,
  slot: FeatureIndex,
  position: number,
): Judge => {
  const test = condition.bind(slot)
  const ground = groundOf('DEGRADED_INPUTS', outcome, { part: 'degraded', id: String(position) })
  const named = (degraded: readonly string[]): boolean =>
    degraded.length > 0 && (inputs === null || degraded.some((input) => inputs.includes(input)))
  return (payment, grounds) => {
    if (outcome !== 'ALLOW' && named(payment.degraded) && test(payment) !== NO) grounds.push(ground)
  }
}

export const judgeUnscored = (outcome: Outcome): Judge => {
  const ground = groundOf('MODEL_UNAVAILABLE', outcome, { part: 'unscored', id: '' })
  return ({ probability }, grounds) => {
    if (outcome !== 'ALLOW' && Number.isNaN(probability)) grounds.push(ground)
  }
}

export const judgeLate = (outcome: Outcome): Judge => {
  const ground = groundOf('LATE', outcome, { part: 'late', id: '' })
  return ({ late }, grounds) => {
    if (outcome !== 'ALLOW' && late) grounds.push(ground)
  }
}
