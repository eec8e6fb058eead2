import type { Loss } from './loss.ts'
import type { Term } from '../term.ts'
import { contains } from '../address.ts'

/** Things that must be named together: one at least. */
export type Together<T = Term> = readonly T[]

export type Compiled<T = Term> = {
  readonly alternatives: readonly Together<T>[]
  readonly losses: readonly Loss[]
}

export const alternativesMax = 10_000
const togetherMax = 8
const lossesMax = 16

const tooMany: Loss = { reason: 'TOO_MANY', detail: `more than ${alternativesMax}` }

const capped = <T>(alternatives: readonly Together<T>[], losses: readonly Loss[]): Compiled<T> =>
  alternatives.length > alternativesMax
    ? { alternatives: [], losses: [tooMany] }
    : { alternatives, losses: losses.length > lossesMax ? losses.slice(0, lossesMax) : losses }

/** Any of them. */
export const anyOf = <T>(parts: readonly Compiled<T>[]): Compiled<T> =>
  capped(
    parts.flatMap(({ alternatives }) => alternatives),
    parts.flatMap(({ losses }) => losses),
  )

/** One and the other: each alternative of the one with each of the other. */
export const both = <T>(one: Compiled<T>, other: Compiled<T>): Compiled<T> => {
  const losses = one.losses.concat(other.losses)
  if (one.alternatives.length * other.alternatives.length > alternativesMax)
    return capped<T>([], [...losses, tooMany])
  const alternatives = one.alternatives.flatMap((some) =>
    other.alternatives.map((more) => [...some, ...more]),
  )
  if (alternatives.some((together) => together.length > togetherMax))
    return capped<T>(
      [],
      [...losses, { reason: 'TOO_MANY', detail: `more than ${togetherMax} things together` }],
    )
  return capped(alternatives, losses)
}

/** The narrower of two terms of one kind where something is both; null where nothing is. */
const narrower = (one: Term, other: Term): Term | null => {
  if (one.key === other.key) return one
  if (one.network === null || other.network === null) return null
  if (contains(one.network, other.network)) return other
  return contains(other.network, one.network) ? one : null
}

/** A payment names one thing of each kind, so two of a kind are one, or never true; null: never true. */
export const narrow = (together: Together): Together | null => {
  const kept: Term[] = []
  for (const term of together) {
    const at = kept.findIndex(({ kind }) => kind === term.kind)
    const earlier = kept[at]
    if (earlier === undefined) {
      kept.push(term)
      continue
    }
    const one = narrower(earlier, term)
    if (one === null) return null
    kept[at] = one
  }
  return kept
}

/** `both` of terms, without what can never be true. */
export const combine = (one: Compiled, other: Compiled): Compiled => {
  const { alternatives, losses } = both(one, other)
  const narrowed = alternatives.map(narrow)
  const possible = narrowed.filter((together) => together !== null)
  return possible.length === narrowed.length
    ? { alternatives: possible, losses }
    : capped(possible, [...losses, { reason: 'NEVER', detail: 'two of a kind' }])
}
