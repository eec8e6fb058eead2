import type { Journal, JournalEntry, JournalReply } from '../domain/journal.ts'
import { createRecent } from '../recent.ts'

/**
 * So many answers are remembered at least, and fewer than twice as many, at about a kilobyte each: what one instance gives
 * in half a minute at 500 payments a second. Who sent a payment and heard nothing has sent it again by then.
 */
const rememberedAtLeast = 16_384

type Given = { readonly contentHash: string; readonly bytes: Buffer }

const nameOf = ({ paymentId, attempt }: JournalEntry): string => `${paymentId} ${attempt}`

/** What an entry gets of which this instance has answered that payment, with this or with another content. */
const asGiven = (given: Given, { contentHash }: JournalEntry): JournalReply =>
  given.contentHash === contentHash ? { kind: 'repeated', bytes: given.bytes } : { kind: 'reused' }

/**
 * The journal that all instances share, and beside it what this instance has answered lately: a payment that is sent
 * again gets that answer while the shared one does not say, and after it has lost its data. What is remembered is what
 * is offered, so that the shared journal learns it again; an answer that stands there goes before.
 */
export const createRememberingJournal = (shared: Journal, atLeast = rememberedAtLeast): Journal => {
  const recent = createRecent<Given>(atLeast)

  const ofRemembered = (given: Given, entry: JournalEntry, reply: JournalReply): JournalReply => {
    if (given.contentHash !== entry.contentHash || reply.kind !== 'repeated') return asGiven(given, entry)
    recent.put(nameOf(entry), { contentHash: entry.contentHash, bytes: reply.bytes })
    return reply
  }

  const ofNew = (entry: JournalEntry, reply: JournalReply): JournalReply => {
    const name = nameOf(entry)
    const { contentHash } = entry
    if (reply.kind === 'reused') return reply
    if (reply.kind === 'repeated') {
      recent.put(name, { contentHash, bytes: reply.bytes })
      return reply
    }
    // Of two entries for one payment the first has just been given.
    const given = recent.get(name)
    if (given !== undefined) return asGiven(given, entry)
    recent.put(name, { contentHash, bytes: entry.bytes })
    return reply
  }

  return {
    first: async (entries) => {
      const remembered = entries.map((entry) => recent.get(nameOf(entry)))
      const replies = await shared.first(entries.map((entry, i) => ({ ...entry, ...remembered[i] })))
      return entries.map((entry, i) => {
        const [given, reply] = [remembered[i], replies[i]]
        if (reply === undefined)
          throw new RangeError(`the journal answered ${replies.length} of ${entries.length}`)
        return given === undefined ? ofNew(entry, reply) : ofRemembered(given, entry, reply)
      })
    },
  }
}
