import type { Assessed, Decided, Decision } from '../domain/decision.ts'
import type { Journal, JournalEntry, JournalReply } from '../domain/journal.ts'
import { asDecided, type Proposed } from './answer.ts'
import type { Laps } from './laps.ts'

export type SettleDeps = {
  readonly journal: Journal
  readonly decode: (bytes: Buffer) => Decision
  /** The same payment, assessed as one whose id was used before with other content. */
  readonly assessReused: (assessed: Assessed) => Assessed
  readonly answer: (assessed: Assessed, laps: Laps) => Proposed
  readonly observe: (kind: JournalReply['kind']) => void
}

const tagBytes = 8

/** The record that an answer was made for: 16 bits of its partition, 48 of its offset. */
const tagOf = ({ assessed: { source } }: Proposed): Buffer => {
  const tag = Buffer.allocUnsafe(tagBytes)
  tag.writeUInt16LE(source.partition & 0xffff, 0)
  tag.writeUIntLE(source.offset, 2, 6)
  return tag
}

/** What is journalled is the tag and then the answer. */
const entryOf = (proposed: Proposed): JournalEntry => ({
  paymentId: proposed.decision.paymentId,
  attempt: proposed.decision.attempt,
  contentHash: proposed.decision.contentHash,
  bytes: Buffer.concat([tagOf(proposed), proposed.bytes]),
})

/** An id cannot hold a space, so the entry of a reused id never meets that of a payment. */
const reusedEntryOf = (proposed: Proposed): JournalEntry => ({
  ...entryOf(proposed),
  paymentId: `${proposed.decision.paymentId} ${proposed.decision.contentHash}`,
})

/** Stage 7: one answer for each payment and attempt, whoever decides first. */
export const createSettle =
  (deps: SettleDeps) =>
  async (proposed: readonly Proposed[], laps: Laps): Promise<readonly Decided[]> => {
    const replies = await deps.journal.first(proposed.map(entryOf))
    const reused = proposed
      .filter((_, i) => replies[i]?.kind === 'reused')
      .map(({ assessed }) => deps.answer(deps.assessReused(assessed), laps))
    const reusedReplies = reused.length === 0 ? [] : await deps.journal.first(reused.map(reusedEntryOf))

    let nextReused = 0
    return proposed.map((proposal, i) => {
      const reply = replies[i]
      if (reply === undefined)
        throw new RangeError(`the journal answered ${replies.length} of ${proposed.length}`)
      deps.observe(reply.kind)
      if (reply.kind !== 'reused') return decidedBy(proposal, reply, deps.decode)
      const index = nextReused++
      const second = reused[index]
      const secondReply = reusedReplies[index]
      if (second === undefined || secondReply === undefined)
        throw new RangeError('a reused payment got no answer')
      return decidedBy(second, secondReply, deps.decode)
    })
  }

/**
 * An earlier answer to the same record means that the record was delivered again: what goes with an answer, such as
 * its audit record, may not have been published then. An earlier answer to another record is a repetition.
 */
const decidedBy = (proposal: Proposed, reply: JournalReply, decode: SettleDeps['decode']): Decided => {
  if (reply.kind !== 'repeated') return asDecided(proposal)
  const bytes = reply.bytes.subarray(tagBytes)
  const repeated = !reply.bytes.subarray(0, tagBytes).equals(tagOf(proposal))
  return { received: proposal.assessed, decision: decode(bytes), bytes, repeated }
}
