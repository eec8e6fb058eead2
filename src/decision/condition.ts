import { ParseError, type ParseResult } from '@marcbachmann/cel-js'
import { closureOf } from './celClosures.ts'
import { namesDegraded, refuseShrinkingDegraded } from './celDegraded.ts'
import { createInterpreter } from './celInterpreter.ts'
import { featuresIn } from './celTree.ts'
import type { FeatureIndex } from './facts.ts'
import { refuse } from './invalid.ts'
import type { Test } from './truth.ts'

/** A CEL expression that has passed every check which can be made before a payment comes. */
export type Condition = {
  readonly features: readonly string[]
  /** Whether it looks at what is degraded. It then holds the more, the more is. */
  readonly namesDegraded: boolean
  readonly bind: (slot: FeatureIndex) => Test
}

export type CompileCondition = (place: string, expression: string) => Condition

/** @param isFeature null for a feature; else what is wrong with the name, with near ones */
export const createConditions = (isFeature: (name: string) => string | null): CompileCondition => {
  const interpreter = createInterpreter()
  return (place, expression) => {
    const parsed = parse(place, () => interpreter.parse(expression))
    const features = featuresIn(place, parsed.ast, isFeature)
    const { valid, type, error } = parsed.check()
    if (!valid) refuse(place, error?.message ?? 'does not type-check')
    if (type !== 'bool') refuse(place, `expected a condition (bool), found ${type ?? 'nothing'}`)
    refuseShrinkingDegraded(place, parsed.ast)
    return {
      features,
      namesDegraded: namesDegraded(parsed.ast),
      bind: (slot) => closureOf(parsed.ast, slot) ?? interpreter.testOf(parsed, slot),
    }
  }
}

/**
 * A condition where something softer may stand behind it, so that a rule that is added must not settle it.
 * @throws SluiceError POLICY_INVALID also where it names `degraded`
 */
export const compileUndegraded = (
  compile: CompileCondition,
  place: string,
  expression: string,
): Condition => {
  const condition = compile(place, expression)
  if (condition.namesDegraded)
    refuse(
      place,
      'degraded is for the conditions of rules, limits and of `degraded` itself: here a rule that is added, and needs more inputs, could soften a decision',
    )
  return condition
}

const parse = (place: string, attempt: () => ParseResult): ParseResult => {
  try {
    return attempt()
  } catch (error) {
    if (error instanceof ParseError) return refuse(place, error.message)
    throw error
  }
}

/** Always holds, needs nothing. */
export const always: Condition = { features: [], namesDegraded: false, bind: () => () => 1 }
