import { intelSubjectOf, intelSubjects, type IntelSubject } from '../../../src/domain/intelligence.ts'
import type { Payment } from '../../../src/domain/payment.ts'
import { contains, parseNetwork } from '../../../src/intel/address.ts'
import type { Indicator } from '../../../src/intel/stix/indicator.ts'
import type { Term } from '../../../src/intel/term.ts'

/** Every indicator looked at for every question: what the table must say. */
export const createNaiveTable = () => {
  const held = new Map<string, Indicator>()

  const isNamed = (term: Term, payment: Payment): boolean => {
    const subject = intelSubjects.find((each) => each === term.kind)
    const text = subject === undefined ? null : intelSubjectOf[subject](payment)
    if (text === null) return false
    if (term.network === null) return text === term.key
    const address = parseNetwork(text)
    return address !== null && contains(term.network, address)
  }

  return {
    put: (indicator: Indicator): void => {
      const known = held.get(indicator.uuid)
      if (known === undefined || known.modifiedAt <= indicator.modifiedAt) held.set(indicator.uuid, indicator)
    },
    remove: (uuid: string): void => void held.delete(uuid),
    find: (subject: IntelSubject, payment: Payment, at: number): string | null => {
      const hits = [...held.values()].filter(
        ({ revoked, since, until, alternatives }) =>
          !revoked &&
          since <= at &&
          at < until &&
          alternatives.some(
            (together) =>
              together.some(({ kind }) => kind === subject) &&
              together.every((term) => isNamed(term, payment)),
          ),
      )
      const strength = ({ confidence }: Indicator): number => (Number.isNaN(confidence) ? -1 : confidence)
      const best = hits.toSorted(
        (one, other) =>
          strength(other) - strength(one) ||
          other.modifiedAt - one.modifiedAt ||
          (one.uuid < other.uuid ? -1 : 1),
      )[0]
      return best === undefined ? null : `indicator--${best.uuid}`
    },
  }
}
