import type { ASTNode } from '@marcbachmann/cel-js'
import { refuse } from './invalid.ts'
import { askedLevel, askedLevels, checkClass, type AskedLevel } from './protectionClass.ts'

export const isProtection = (node: ASTNode | undefined): boolean =>
  node?.op === 'id' && node.args === 'protection'

const textIn = (node: ASTNode | undefined): string | null =>
  node?.op === 'value' && typeof node.args === 'string' ? node.args : null

/** The level in `protectedAtLeast("...")`; null for any other expression. */
export const levelAsked = (node: ASTNode): AskedLevel | null => {
  if (node.op !== 'call' || node.args[0] !== 'protectedAtLeast') return null
  return askedLevels.find((level) => level === textIn(node.args[1][0])) ?? null
}

/**
 * CEL knows `protection` as a text: it would compare it with any other, and by the alphabet.
 * @throws SluiceError POLICY_INVALID
 */
export const refuseUnfitProtection = (place: string, node: ASTNode): void => {
  switch (node.op) {
    case '<':
    case '<=':
    case '>':
    case '>=':
      if (node.args.some(isProtection))
        refuse(place, 'protection has no order as a text; write protectedAtLeast("GUARDED")')
      return
    case '==':
    case '!=':
      if (node.args.some(isProtection)) checkLiterals(place, node.args)
      return
    case 'in':
      if (isProtection(node.args[0]) && node.args[1].op === 'list') checkLiterals(place, node.args[1].args)
      return
    case 'call':
      if (node.args[0] === 'protectedAtLeast')
        askedLevel(place, textIn(node.args[1][0]) ?? 'what is no text in quotes')
      return
    default:
  }
}

const checkLiterals = (place: string, nodes: readonly ASTNode[]): void => {
  for (const text of nodes.map(textIn)) if (text !== null) checkClass(place, text)
}
