import type { ASTNode } from '@marcbachmann/cel-js'
import { featureOf, paymentField } from './celTree.ts'
import { slotOf, type Facts, type FeatureIndex } from './facts.ts'

/** NaN: not known. */
export type Quantity = (facts: Facts) => number

/** CEL compares an int with a double but does not calculate with both: a whole literal may stand on its own only. */
export const comparableOf = (node: ASTNode, slot: FeatureIndex): Quantity | null => {
  const whole = wholeLiteral(node)
  if (whole === null) return quantityOf(node, slot)
  const value = Number(whole)
  return Number.isSafeInteger(value) ? () => value : null
}

const wholeLiteral = (node: ASTNode): bigint | null => {
  if (node.op === '-_' && node.args.op === 'value' && typeof node.args.args === 'bigint')
    return -node.args.args
  return node.op === 'value' && typeof node.args === 'bigint' ? node.args : null
}

const quantityOf = (node: ASTNode, slot: FeatureIndex): Quantity | null => {
  switch (node.op) {
    case 'value': {
      const value = node.args
      return typeof value === 'number' ? () => value : null
    }
    case 'call': {
      const name = featureOf(node, 'f')
      return name === null ? null : feature(slotOf(slot, name))
    }
    case 'id':
      return node.args === 'probability' ? ({ probability }) => probability : null
    case '.':
      return paymentField(node) === 'amountMinor' ? ({ payment }) => payment.amountMinor : null
    case '-_': {
      const inner = quantityOf(node.args, slot)
      return inner === null ? null : (facts) => -inner(facts)
    }
    case '+':
    case '-':
    case '*':
    case '/': {
      const left = quantityOf(node.args[0], slot)
      const right = quantityOf(node.args[1], slot)
      return left === null || right === null ? null : calculate(node.op, left, right)
    }
    default:
      return null
  }
}

const feature =
  (at: number): Quantity =>
  ({ features }) =>
    features[at] ?? NaN

const calculate = (op: '+' | '-' | '*' | '/', left: Quantity, right: Quantity): Quantity => {
  switch (op) {
    case '+':
      return (facts) => left(facts) + right(facts)
    case '-':
      return (facts) => left(facts) - right(facts)
    case '*':
      return (facts) => left(facts) * right(facts)
    case '/':
      return (facts) => left(facts) / right(facts)
  }
}
