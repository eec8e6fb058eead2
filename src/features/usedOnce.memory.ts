import type { Use, UsedOnce, UseReply } from '../domain/usedOnce.ts'

/** For tests, and for tools that forget everything in the end. */
export const createMemoryUsedOnce = (): UsedOnce => {
  const claims = new Map<string, { readonly owner: string; readonly reply: UseReply }>()
  const counters = new Map<string, number>()

  const firstReply = ({ counter }: Use): UseReply => {
    if (counter === null) return 'FIRST'
    if (counter.value <= (counters.get(counter.id) ?? -1)) return 'NOT_RISEN'
    counters.set(counter.id, counter.value)
    return 'FIRST'
  }

  const claimOne = (use: Use): UseReply => {
    const earlier = claims.get(use.id)
    if (earlier !== undefined) return earlier.owner === use.owner ? earlier.reply : 'USED'
    const reply = firstReply(use)
    claims.set(use.id, { owner: use.owner, reply })
    return reply
  }

  return { claim: (uses) => Promise.resolve(uses.map(claimOne)) }
}
