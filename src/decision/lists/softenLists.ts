import type { Soften } from '../judge.ts'

/** A rule that is snoozed for something that the payment names does not count, unless it is final. */
export const softenSnoozed: Soften = ({ listed }, grounds) => {
  const snoozes = listed.filter(({ effect }) => effect === 'SNOOZE')
  if (snoozes.length === 0) return null
  const acting = new Set<string>()
  const left = grounds.filter(({ origin, isFinal, outcome }) => {
    if (isFinal || origin.part !== 'rule') return true
    const by = snoozes.filter(({ ruleId }) => ruleId === origin.id)
    if (outcome !== 'ALLOW') for (const { entryId } of by) acting.add(`snooze:${entryId}`)
    return by.length === 0
  })
  return acting.size === 0 ? null : { grounds: left, exceptions: [...acting] }
}

/** An allow entry leaves of the grounds those that are final. */
export const softenAllowed: Soften = ({ listed }, grounds) => {
  const allowing = listed.filter(({ effect }) => effect === 'ALLOW')
  if (allowing.length === 0) return null
  const left = grounds.filter(({ isFinal }) => isFinal)
  const overrules = grounds.some(({ isFinal, outcome }) => !isFinal && outcome !== 'ALLOW')
  return overrules
    ? { grounds: left, exceptions: allowing.map(({ entryId }) => `allow_list:${entryId}`) }
    : null
}
