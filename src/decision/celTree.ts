import type { ASTNode } from '@marcbachmann/cel-js'
import { refuseUnfitProtection } from './celProtection.ts'
import { isTextField } from './facts.ts'
import { refuse } from './invalid.ts'

/** The parts of an expression, as it was written (macros not expanded). */
export const parts = (node: ASTNode): readonly ASTNode[] => {
  switch (node.op) {
    case 'value':
    case 'id':
      return []
    case '.':
    case '.?':
      return [node.args[0]]
    case 'call':
      return node.args[1]
    case 'rcall':
      return [node.args[1], ...node.args[2]]
    case 'list':
      return node.args
    case 'map':
      return node.args.flat()
    case '!_':
    case '-_':
      return [node.args]
    default:
      return node.args
  }
}

const everyNode = (node: ASTNode): readonly ASTNode[] => [node, ...parts(node).flatMap(everyNode)]

/** The name in `f("...")` or `known("...")`; null for any other expression. */
export const featureOf = (node: ASTNode, functionName: 'f' | 'known'): string | null => {
  if (node.op !== 'call' || node.args[0] !== functionName) return null
  const [argument] = node.args[1]
  return argument?.op === 'value' && typeof argument.args === 'string' ? argument.args : null
}

/** The field in `payment.field`; null for any other expression. */
export const paymentField = (node: ASTNode | undefined): string | null =>
  node?.op === '.' && node.args[0].op === 'id' && node.args[0].args === 'payment' ? node.args[1] : null

const isNonZero = (node: ASTNode): boolean =>
  node.op === 'value' &&
  (typeof node.args === 'number' || typeof node.args === 'bigint') &&
  Number(node.args) !== 0

/** What the type checker lets pass and a policy must not hold: names that only show at run time, silent NaN. */
const refuseUnsafe = (place: string, node: ASTNode): void => {
  if (node.op === 'call' && (node.args[0] === 'f' || node.args[0] === 'known')) {
    if (featureOf(node, node.args[0]) === null)
      refuse(
        place,
        `${node.args[0]}(...) takes a feature name in quotes, so that it can be checked when the policy is loaded`,
      )
  }
  refuseUnfitProtection(place, node)
  if ((node.op === '/' || node.op === '%') && !isNonZero(node.args[1]))
    refuse(
      place,
      'divide by a literal only: 0.0 / 0.0 is not a number and every comparison with it is silently false',
    )
  if (node.op === '.' && node.args[0].op === 'id' && node.args[0].args === 'payment') {
    const field = node.args[1]
    if (field !== 'amountMinor' && !isTextField(field)) refuse(place, `payment has no field ${field}`)
  }
}

/**
 * The features that an expression names, each once, in the order in which they are written.
 * @param isFeature null for a feature; else what is wrong with the name
 * @throws SluiceError POLICY_INVALID
 */
export const featuresIn = (
  place: string,
  root: ASTNode,
  isFeature: (name: string) => string | null,
): readonly string[] => {
  const nodes = everyNode(root)
  for (const node of nodes) refuseUnsafe(place, node)
  const names = new Set(
    nodes.map((node) => featureOf(node, 'f') ?? featureOf(node, 'known')).filter((name) => name !== null),
  )
  for (const name of names) {
    const problem = isFeature(name)
    if (problem !== null) refuse(place, problem)
  }
  return [...names]
}
