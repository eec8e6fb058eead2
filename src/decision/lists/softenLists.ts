import { stricter, type Outcome } from '../../domain/outcome.ts'
import type { Soften } from '../judge.ts'
import { strictestOf } from '../strictest.ts'

/** A rule that is snoozed for something that the payment names does not count, unless it is final. */
export const softenSnoozed: Soften = ({ listed }, grounds) => {
  const snoozes = listed.filter(({ effect }) => effect === 'SNOOZE')
  if (snoozes.length === 0) return null
  const acting = new Map<string, Outcome>()
  const left = grounds.filter(({ origin, isFinal, outcome }) => {
    if (isFinal || origin.part !== 'rule') return true
    const by = snoozes.filter(({ ruleId }) => ruleId === origin.id)
    if (outcome !== 'ALLOW')
      for (const { entryId } of by)
        acting.set(`snooze:${entryId}`, stricter(acting.get(`snooze:${entryId}`) ?? 'ALLOW', outcome))
    return by.length === 0
  })
  if (acting.size === 0) return null
  return { grounds: left, exceptions: [...acting].map(([name, overrules]) => ({ name, overrules })) }
}

/** An allow entry leaves of the grounds those that are final. */
export const softenAllowed: Soften = ({ listed }, grounds) => {
  const allowing = listed.filter(({ effect }) => effect === 'ALLOW')
  if (allowing.length === 0) return null
  const overrules = strictestOf(grounds.filter(({ isFinal }) => !isFinal))
  if (overrules === 'ALLOW') return null
  return {
    grounds: grounds.filter(({ isFinal }) => isFinal),
    exceptions: allowing.map(({ entryId }) => ({ name: `allow_list:${entryId}`, overrules })),
  }
}
