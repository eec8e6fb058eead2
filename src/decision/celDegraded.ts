import type { ASTNode } from '@marcbachmann/cel-js'
import { parts } from './celTree.ts'
import { refuse } from './invalid.ts'

const isDegraded = (node: ASTNode): boolean => node.op === 'id' && node.args === 'degraded'

/** Whether an expression looks at what is degraded. */
export const namesDegraded = (node: ASTNode): boolean => isDegraded(node) || parts(node).some(namesDegraded)

const isQuestion = (node: ASTNode): boolean => {
  switch (node.op) {
    case 'in':
      return isDegraded(node.args[1]) && !namesDegraded(node.args[0])
    case 'rcall':
      return node.args[0] === 'exists' && isDegraded(node.args[1]) && !node.args[2].some(namesDegraded)
    case '>':
    case '>=':
      return isSize(node.args[0]) && !namesDegraded(node.args[1])
    default:
      return false
  }
}

/** `size(degraded)` or `degraded.size()`. */
const isSize = (node: ASTNode): boolean =>
  (node.op === 'call' && node.args[0] === 'size' && node.args[1].every(isDegraded)) ||
  (node.op === 'rcall' && node.args[0] === 'size' && isDegraded(node.args[1]))

/** Whether the more inputs are degraded, the more an expression holds. */
const growsWithDegraded = (node: ASTNode): boolean => {
  if (!namesDegraded(node) || isQuestion(node)) return true
  switch (node.op) {
    case '&&':
    case '||':
      return node.args.every(growsWithDegraded)
    case '?:':
      return !namesDegraded(node.args[0]) && node.args.slice(1).every(growsWithDegraded)
    default:
      return false
  }
}

/**
 * A rule that is added may need inputs that were not read before it, so that more are degraded. If a condition held less
 * for that, the new rule would soften the decision.
 * @throws SluiceError POLICY_INVALID
 */
export const refuseShrinkingDegraded = (place: string, root: ASTNode): void => {
  if (!growsWithDegraded(root))
    refuse(
      place,
      'a condition may ask whether inputs are degraded, as in `"device" in degraded`, and not whether they are not: a rule that is added may need more of them, and would soften this one. To ask whether a value is known write known("...")',
    )
}
