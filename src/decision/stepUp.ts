import type { StepUpMethod } from '../domain/decision.ts'
import { always, compileUndegraded, type CompileCondition } from './condition.ts'
import { slotOf, type Facts, type FeatureIndex } from './facts.ts'
import { makeEach, refuse } from './invalid.ts'
import type { PolicyText } from './policyText.ts'
import { orderProblem } from './stepUpMethods.ts'
import { YES } from './truth.ts'

/** The strongest way to ask the payer that no attacker on the device would see; null when there is none. */
export type ChooseStepUp = (facts: Facts) => StepUpMethod | null

export type StepUp = {
  readonly features: readonly string[]
  readonly bind: (slot: FeatureIndex) => ChooseStepUp
}

export const compileStepUp = (
  { spec, place }: PolicyText,
  compile: CompileCondition,
  checkFeature: (place: string, name: string) => void,
): StepUp => {
  const wrong = orderProblem(spec.stepUp.map(({ method }) => method))
  if (wrong !== null) refuse(place('stepUp', wrong.at, 'method'), wrong.problem)
  const methods = makeEach(spec.stepUp, ({ method, unsafeIf, unknownIs, when }, i) => {
    for (const name of unsafeIf) checkFeature(place('stepUp', i, 'unsafeIf'), name)
    const condition =
      when === undefined ? always : compileUndegraded(compile, place('stepUp', i, 'when'), when)
    return { method, unsafeIf, unknownIsUnsafe: unknownIs === 'UNSAFE', condition }
  })
  return {
    features: methods.flatMap(({ unsafeIf, condition }) => [...unsafeIf, ...condition.features]),
    bind: (slot) => {
      const bound = methods.map(({ method, unsafeIf, unknownIsUnsafe, condition }) => ({
        method,
        offered: condition.bind(slot),
        dangers: unsafeIf.map((name) => slotOf(slot, name)),
        unknownIsUnsafe,
      }))
      return (facts) =>
        bound.find(
          ({ offered, dangers, unknownIsUnsafe }) =>
            offered(facts) === YES &&
            !dangers.some((at) => isUnsafe(facts.features[at] ?? NaN, unknownIsUnsafe)),
        )?.method ?? null
    },
  }
}

const isUnsafe = (danger: number, unknownIsUnsafe: boolean): boolean =>
  Number.isNaN(danger) ? unknownIsUnsafe : danger > 0
