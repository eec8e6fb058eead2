import { ParseError, type ParseResult } from '@marcbachmann/cel-js'
import { closureOf } from './celClosures.ts'
import { createInterpreter } from './celInterpreter.ts'
import { featuresIn } from './celTree.ts'
import type { FeatureIndex } from './facts.ts'
import { refuse } from './invalid.ts'
import type { Test } from './truth.ts'

/** A CEL expression that has passed every check which can be made before a payment comes. */
export type Condition = {
  readonly features: readonly string[]
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
    return { features, bind: (slot) => closureOf(parsed.ast, slot) ?? interpreter.testOf(parsed, slot) }
  }
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
export const always: Condition = { features: [], bind: () => () => 1 }
