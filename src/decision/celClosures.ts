import type { ASTNode } from '@marcbachmann/cel-js'
import { isProtection, levelAsked } from './celProtection.ts'
import { comparableOf, type Quantity } from './celQuantity.ts'
import { featureOf, paymentField } from './celTree.ts'
import { isTextField, slotOf, type Facts, type FeatureIndex } from './facts.ts'
import { isProtectedAtLeast, protectionClassOf } from './protectionClass.ts'
import { both, either, not, NO, truthOf, UNKNOWN, YES, type Test } from './truth.ts'

/** null: not known. */
type Text = (facts: Facts) => string | null

/**
 * Turns the common part of CEL (comparisons, `&&`, `||`, `!`, `in`, `? :`, arithmetic on doubles) into closures, which
 * answer in nanoseconds also where a value is unknown; the interpreter throws there, at 1 to 2 microseconds each.
 * What they mean is what the interpreter means: a property test holds them to it.
 * @returns null when the expression has any other part
 */
export const closureOf = (node: ASTNode, slot: FeatureIndex): Test | null => {
  switch (node.op) {
    case '&&':
      return joined(both, node.args, slot)
    case '||':
      return joined(either, node.args, slot)
    case '!_': {
      const inner = closureOf(node.args, slot)
      return inner === null ? null : not(inner)
    }
    case '?:':
      return choice(node.args, slot)
    case 'value':
      return typeof node.args === 'boolean' ? constant(node.args) : null
    case 'id':
      return node.args === 'late' ? ({ late }) => truthOf(late) : null
    case 'call':
      return node.args[0] === 'protectedAtLeast'
        ? protectedAtLeast(node)
        : node.args[0] === 'known'
          ? isKnown(node, slot)
          : node.args[0] === 'has'
            ? hasField(node.args[1])
            : null
    case 'in':
      return membership(node.args)
    case '==':
    case '!=':
      return textComparison(node) ?? comparison(node, slot)
    case '<':
    case '<=':
    case '>':
    case '>=':
      return comparison(node, slot)
    default:
      return null
  }
}

type Pair = readonly [ASTNode, ASTNode]

const constant = (value: boolean): Test => {
  const truth = truthOf(value)
  return () => truth
}

const joined = (join: typeof both, [a, b]: Pair, slot: FeatureIndex): Test | null => {
  const left = closureOf(a, slot)
  const right = closureOf(b, slot)
  return left === null || right === null ? null : join(left, right)
}

const choice = ([a, b, c]: readonly [ASTNode, ASTNode, ASTNode], slot: FeatureIndex): Test | null => {
  const [condition, then, otherwise] = [closureOf(a, slot), closureOf(b, slot), closureOf(c, slot)]
  if (condition === null || then === null || otherwise === null) return null
  return (facts) => {
    const truth = condition(facts)
    return truth === UNKNOWN ? UNKNOWN : truth === YES ? then(facts) : otherwise(facts)
  }
}

const isKnown = (node: ASTNode, slot: FeatureIndex): Test | null => {
  const name = featureOf(node, 'known')
  if (name === null) return null
  const at = slotOf(slot, name)
  return ({ features }) => truthOf(!Number.isNaN(features[at] ?? NaN))
}

const protectedAtLeast = (node: ASTNode): Test | null => {
  const level = levelAsked(node)
  if (level === null) return null
  return (facts) => {
    const answer = isProtectedAtLeast(protectionClassOf(facts), level)
    return answer === null ? UNKNOWN : truthOf(answer)
  }
}

const hasField = ([argument]: readonly ASTNode[]): Test | null => {
  const text = textOf(argument)
  if (text !== null) return (facts) => truthOf(text(facts) !== null)
  return paymentField(argument) === 'amountMinor'
    ? ({ payment }) => truthOf(!Number.isNaN(payment.amountMinor))
    : null
}

const literalText = (node: ASTNode | undefined): string | null =>
  node?.op === 'value' && typeof node.args === 'string' ? node.args : null

const textOf = (node: ASTNode | undefined): Text | null => {
  const literal = literalText(node)
  if (literal !== null) return () => literal
  if (isProtection(node)) return protectionClassOf
  const field = paymentField(node)
  return field !== null && isTextField(field) ? ({ payment }) => payment[field] : null
}

const textComparison = (node: ASTNode & { readonly op: '==' | '!=' }): Test | null => {
  const left = textOf(node.args[0])
  const right = textOf(node.args[1])
  if (left === null || right === null) return null
  const whenEqual = truthOf(node.op === '==')
  const whenDifferent = truthOf(node.op !== '==')
  return (facts) => {
    const a = left(facts)
    const b = right(facts)
    return a === null || b === null ? UNKNOWN : a === b ? whenEqual : whenDifferent
  }
}

const membership = ([element, list]: Pair): Test | null => {
  const text = textOf(element)
  if (text === null) return null
  const listed = listOf(list)
  if (listed === null) return null
  return (facts) => {
    const value = text(facts)
    return value === null ? UNKNOWN : truthOf(listed(facts).includes(value))
  }
}

const listOf = (node: ASTNode): ((facts: Facts) => readonly string[]) | null => {
  if (node.op === 'id' && node.args === 'degraded') return ({ degraded }) => degraded
  if (node.op !== 'list') return null
  const texts = node.args.map(literalText).filter((text) => text !== null)
  return texts.length === node.args.length ? () => texts : null
}

const comparison = (
  node: ASTNode & { readonly op: '<' | '<=' | '>' | '>=' | '==' | '!=' },
  slot: FeatureIndex,
): Test | null => {
  const left = comparableOf(node.args[0], slot)
  const right = comparableOf(node.args[1], slot)
  return left === null || right === null ? null : compare(node.op, left, right)
}

const compare = (op: '<' | '<=' | '>' | '>=' | '==' | '!=', left: Quantity, right: Quantity): Test => {
  const holds = comparators[op]
  return (facts) => {
    const a = left(facts)
    const b = right(facts)
    return Number.isNaN(a) || Number.isNaN(b) ? UNKNOWN : holds(a, b) ? YES : NO
  }
}

const comparators = {
  '<': (a: number, b: number) => a < b,
  '<=': (a: number, b: number) => a <= b,
  '>': (a: number, b: number) => a > b,
  '>=': (a: number, b: number) => a >= b,
  '==': (a: number, b: number) => a === b,
  '!=': (a: number, b: number) => a !== b,
} as const
