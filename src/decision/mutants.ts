import type { LimitSpec } from './limitSchema.ts'
import { protectionClasses } from './protectionClass.ts'

/** A condition with one thing changed, and what that is. */
export type Mutant = { readonly expression: string; readonly change: string }

const flipped: Readonly<Record<string, string>> = {
  '>=': '<',
  '<=': '>',
  '==': '!=',
  '!=': '==',
  '>': '<=',
  '<': '>=',
  '&&': '||',
  '||': '&&',
}
/** A text in quotes, a comparison or connective, or a decimal number. */
const token = /"[^"]*"|'[^']*'|>=|<=|==|!=|&&|\|\||>|<|\b\d+\.\d+\b/g

const changed = (found: string): string | null => {
  const flip = flipped[found]
  if (flip !== undefined) return flip
  return /^\d/.test(found) ? String((2 * Number(found) + 1).toFixed(1)) : null
}

/** Each comparison turned, each connective exchanged, each number doubled and one more: cases should tell them apart. */
export const mutantsOf = (expression: string): readonly Mutant[] =>
  [...expression.matchAll(token)].flatMap(({ 0: found, index }) => {
    const other = changed(found)
    if (other === null) return []
    const after = index + found.length
    return [
      {
        expression: expression.slice(0, index) + other + expression.slice(after),
        change: `${found} into ${other} at "...${expression.slice(Math.max(0, index - 24), after).replaceAll(/\s+/g, ' ')}"`,
      },
    ]
  })

const more = (bound: number): number => 2 * bound + 1

/** A limit with its bound raised, for all or for one class of protection, or with one thing of `when` changed. */
export const limitMutantsOf = (
  limit: LimitSpec,
): readonly { readonly limit: LimitSpec; readonly change: string }[] => {
  const { atMost, when } = limit
  const bounds =
    typeof atMost === 'number'
      ? [{ limit: { ...limit, atMost: more(atMost) }, change: `${atMost} into ${more(atMost)}` }]
      : protectionClasses.map((name) => ({
          limit: { ...limit, atMost: { ...atMost, [name]: more(atMost[name]) } },
          change: `${name}: ${atMost[name]} into ${more(atMost[name])}`,
        }))
  const conditions = when === undefined ? [] : mutantsOf(when)
  return [
    ...bounds,
    ...conditions.map(({ expression, change }) => ({ limit: { ...limit, when: expression }, change })),
  ]
}
