import type { Assessed, Decided, Decision } from '../domain/decision.ts'
import type { Journal, JournalEntry, JournalReply } from '../domain/journal.ts'
import type { Source } from '../domain/received.ts'
import { asDecided, type Proposed } from './answer.ts'
import type { Laps } from './laps.ts'

/** How an answer came about: by the journal's word, or because it was published before. */
export type Settlement = JournalReply['kind'] | 'published'

export type SettleDeps = {
  readonly journal: Journal
  /** The answer to this record that stands in `decisions`; null: there is none. */
  readonly published: (source: Source) => Buffer | null
  readonly decode: (bytes: Buffer) => Decision
  /** The same payment, assessed as one whose id was used before with other content. */
  readonly assessReused: (assessed: Assessed) => Assessed
  readonly answer: (assessed: Assessed, laps: Laps) => Proposed
  readonly observe: (kind: Settlement) => void
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

const isReuse = ({ reasons }: Decision): boolean => reasons.some(({ code }) => code === 'PAYMENT_ID_REUSED')

/** An answer that a switch may have acted on stands, whatever the journal holds or has lost. */
type Standing = { readonly proposal: Proposed; readonly published: boolean }

/**
 * Where `payments` was made anew, or lost its end, another record had this one's offset, and what stands in `decisions`
 * for that offset answers another payment.
 */
const answers = (decision: Decision, { paymentId, attempt }: Decision): boolean =>
  decision.paymentId === paymentId && decision.attempt === attempt

/** Stage 7: one answer for each payment and attempt, whoever decides first. */
export const createSettle = (deps: SettleDeps) => {
  const standing = (proposal: Proposed): Standing => {
    const bytes = deps.published(proposal.assessed.source)
    if (bytes === null) return { proposal, published: false }
    const decision = deps.decode(bytes)
    return answers(decision, proposal.decision)
      ? { proposal: { ...proposal, bytes, decision }, published: true }
      : { proposal, published: false }
  }

  return async (proposed: readonly Proposed[], laps: Laps): Promise<readonly Decided[]> => {
    const all = proposed.map(standing)
    const replies = await deps.journal.first(
      all.map(({ proposal, published }) =>
        published && isReuse(proposal.decision) ? reusedEntryOf(proposal) : entryOf(proposal),
      ),
    )
    const reused = all
      .filter(({ published }, i) => !published && replies[i]?.kind === 'reused')
      .map(({ proposal: { assessed } }) => deps.answer(deps.assessReused(assessed), laps))
    const reusedReplies = reused.length === 0 ? [] : await deps.journal.first(reused.map(reusedEntryOf))

    let nextReused = 0
    return all.map(({ proposal, published }, i) => {
      const reply = replies[i]
      if (reply === undefined)
        throw new RangeError(`the journal answered ${replies.length} of ${proposed.length}`)
      deps.observe(published ? 'published' : reply.kind)
      if (published) return { ...asDecided(proposal), published, redelivered: true }
      if (reply.kind !== 'reused') return decidedBy(proposal, reply, deps.decode)
      const index = nextReused++
      const second = reused[index]
      const secondReply = reusedReplies[index]
      if (second === undefined || secondReply === undefined)
        throw new RangeError('a reused payment got no answer')
      return decidedBy(second, secondReply, deps.decode)
    })
  }
}

/**
 * An earlier answer to the same record means that the record was delivered again: what goes with an answer, such as
 * its audit record, may not have been published then. An earlier answer to another record is a repetition.
 */
const decidedBy = (proposal: Proposed, reply: JournalReply, decode: SettleDeps['decode']): Decided => {
  if (reply.kind !== 'repeated') return asDecided(proposal)
  const bytes = reply.bytes.subarray(tagBytes)
  const repeated = !reply.bytes.subarray(0, tagBytes).equals(tagOf(proposal))
  return {
    received: proposal.assessed,
    decision: decode(bytes),
    bytes,
    repeated,
    published: false,
    redelivered: !repeated,
  }
}
