import { Environment, EvaluationError, type ParseResult } from '@marcbachmann/cel-js'
import { textFields, type Facts, type FeatureIndex } from './facts.ts'
import {
  askedLevels,
  isProtectedAtLeast,
  protectionClassOf,
  type ProtectionClass,
} from './protectionClass.ts'
import { truthOf, UNKNOWN, type Test, type Truth } from './truth.ts'

export type Interpreter = {
  /** @throws ParseError of cel-js */
  readonly parse: (expression: string) => ParseResult
  /** The same expression as a test; what it meets on its way that is not known makes it unknown. */
  readonly testOf: (parsed: ParseResult, slot: FeatureIndex) => Test
}

/** Thrown by `f` and told from a fault by identity; made once, because making one captures a stack. */
const notKnown = new Error('the value is not known')

/** CEL with the variables and functions of a policy. Types are in docs/policy.md. */
export const createInterpreter = (): Interpreter => {
  const current: { features: Float64Array; slot: FeatureIndex; protection: ProtectionClass } = {
    protection: 'UNKNOWN',
    features: new Float64Array(),
    slot: new Map(),
  }
  const valueOf = (name: string): number => current.features[current.slot.get(name) ?? -1] ?? NaN

  const environment = new Environment()
    .registerFunction('f(string): double', (name: string): number => {
      const value = valueOf(name)
      if (Number.isNaN(value)) throw notKnown
      return value
    })
    .registerFunction('known(string): bool', (name: string): boolean => !Number.isNaN(valueOf(name)))
    .registerVariable('payment', {
      schema: {
        amountMinor: 'double',
        ...Object.fromEntries(textFields.map((field) => [field, 'string'])),
      },
    })
    .registerVariable('probability', 'double')
    .registerVariable('degraded', 'list<string>')
    .registerVariable('late', 'bool')
    .registerVariable('protection', 'string')
    .registerFunction('protectedAtLeast(string): bool', (asked: string): boolean => {
      const level = askedLevels.find((each) => each === asked)
      const answer = level === undefined ? null : isProtectedAtLeast(current.protection, level)
      if (answer === null) throw notKnown
      return answer
    })

  return {
    parse: (expression) => environment.parse(expression),
    testOf: (parsed, slot) => (facts) => {
      current.features = facts.features
      current.slot = slot
      current.protection = protectionClassOf(facts)
      return run(parsed, variablesOf(facts))
    },
  }
}

/** What is not known is left out: naming it is then an error, which `&&` and `||` absorb like any other. */
const variablesOf = (facts: Facts): Record<string, unknown> => {
  const { payment, probability, degraded, late } = facts
  return {
    payment: Object.fromEntries(
      [
        ['amountMinor', payment.amountMinor] as const,
        ...textFields.map((field) => [field, payment[field]] as const),
      ].filter(([, value]) => value !== null && !Number.isNaN(value)),
    ),
    ...(Number.isNaN(probability) ? {} : { probability }),
    degraded,
    late,
    protection: protectionClassOf(facts),
  }
}

const run = (parsed: ParseResult, variables: Record<string, unknown>): Truth => {
  try {
    const result: unknown = parsed(variables)
    return truthOf(result === true)
  } catch (error) {
    if (error === notKnown || error instanceof EvaluationError) return UNKNOWN
    throw error
  }
}
