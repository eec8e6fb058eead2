import { createFindListed } from '../../decision/lists/findListed.ts'
import type { Ground } from '../../decision/ground.ts'
import type { Policy } from '../../decision/policy.ts'
import type { Audit } from '../../domain/audit.ts'
import type { Assessed } from '../../domain/decision.ts'
import { scoredOf } from './redecide.ts'

/** What a policy makes of recorded payments. */
export type PolicySide = {
  readonly judge: (audit: Audit, names: readonly string[]) => Judged
}

export type Judged = {
  readonly assessed: Assessed
  readonly grounds: readonly Ground[]
  /** Features of the policy that the record does not hold: not known, whatever they were. */
  readonly unheld: readonly string[]
}

type Projection = { readonly places: readonly number[]; readonly unheld: readonly string[] }

const isReused = ({ decision }: Audit): boolean =>
  decision.reasons.some(({ code }) => code === 'PAYMENT_ID_REUSED')

/**
 * @param fileEntries ids of list entries that stood in a policy: each policy brings its own, and what the topic said is
 *   taken as recorded
 */
export const createPolicySide = (policy: Policy, fileEntries: ReadonlySet<string>): PolicySide => {
  const index = new Map(policy.features.map((name, at) => [name, at]))
  const assessor = policy.bind(index)
  const groundsOf = policy.bindGrounds(index)
  const findListed = createFindListed([policy.entries], policy.exceptionsMs)
  const projections = new Map<readonly string[], Projection>()

  const projectionOf = (names: readonly string[]): Projection => {
    const known = projections.get(names)
    if (known !== undefined) return known
    const at = new Map(names.map((name, place) => [name, place]))
    const made = {
      places: policy.features.map((name) => at.get(name) ?? -1),
      unheld: policy.features.filter((name) => !at.has(name)),
    }
    projections.set(names, made)
    return made
  }

  return {
    judge: (audit, names) => {
      const { places, unheld } = projectionOf(names)
      const row = Float64Array.from(places, (place) => audit.features[place] ?? NaN)
      const recorded = scoredOf(audit, row)
      const listed = [
        ...findListed(recorded),
        ...audit.listed.filter(({ entryId }) => !fileEntries.has(entryId)),
      ]
      const scored = { ...recorded, listed }
      const judged = assessor.assess(scored)
      return {
        assessed: isReused(audit) ? assessor.assessReused(judged) : judged,
        grounds: groundsOf(scored),
        unheld,
      }
    },
  }
}
