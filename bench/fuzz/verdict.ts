/** A record of `payments` as an independent reader sees it. */
export type Sent = {
  readonly place: string
  /** Which must be answered; null: none that anybody must read. */
  readonly paymentId: string | null
}
export type Answer = {
  readonly place: string
  readonly paymentId: string
  readonly attempt: number
  /** Empty in the answer to what is no payment: such an answer is given for each record. */
  readonly contentHash: string
  readonly bytes: string
}

export type FuzzFindings = {
  readonly records: number
  readonly answered: number
  readonly deadLetters: number
  /** Neither an answer nor a dead letter. */
  readonly silent: readonly string[]
  /** With an id that can be read, and without an answer under it. */
  readonly unanswered: readonly string[]
  /** One payment, one content, two answers. */
  readonly contradictory: readonly string[]
}

const named = 20
const id = /^[\x21-\x7e]{1,128}$/

/** An id that nobody could take for a card number, nor for anything else than an id. */
export const isPlainId = (value: unknown): value is string =>
  typeof value === 'string' && id.test(value) && !/(?:\d[ -]*){12}/.test(value)

/** An id that may be a card number is not given on, and no header stands in for it. */
const mayBeCard = (value: unknown): boolean => /(?:\d[ -]*){12}/.test(spelled(value))

/** Lists within lists, thousands deep, are more than the stack holds: no number of a card is in them. */
const spelled = (value: unknown): string => {
  try {
    return String(value)
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) return ''
    throw error
  }
}

/** The id by which a record must be answered. */
export const idOf = (stated: unknown, header: string | null): string | null => {
  if (isPlainId(stated)) return stated
  return mayBeCard(stated) || !isPlainId(header) ? null : header
}

/** What is wrong with the answers to all that was sent. */
export const verdictOf = (
  sent: readonly Sent[],
  answers: readonly Answer[],
  deadLetters: readonly { readonly place: string }[],
): FuzzFindings => {
  const idsAt = new Map<string, string[]>()
  const contents = new Map<string, Set<string>>()
  for (const { place, paymentId, attempt, contentHash, bytes } of answers) {
    idsAt.set(place, [...(idsAt.get(place) ?? []), paymentId])
    if (contentHash === '') continue
    const name = `${paymentId}/${attempt}/${contentHash}`
    contents.set(name, (contents.get(name) ?? new Set()).add(bytes))
  }
  const dead = new Set(deadLetters.map(({ place }) => place))
  const silent = sent.filter(({ place }) => !idsAt.has(place) && !dead.has(place))
  const unanswered = sent.filter(
    ({ place, paymentId }) => paymentId !== null && idsAt.get(place)?.includes(paymentId) !== true,
  )
  return {
    records: sent.length,
    answered: sent.filter(({ place }) => idsAt.has(place)).length,
    deadLetters: sent.filter(({ place }) => dead.has(place)).length,
    silent: silent.map(({ place }) => place).slice(0, named),
    unanswered: unanswered.map(({ place, paymentId }) => `${place} ${paymentId}`).slice(0, named),
    contradictory: [...contents].flatMap(([name, bytes]) => (bytes.size > 1 ? [name] : [])).slice(0, named),
  }
}

/** How many records are still to be counted; what one topic has twice makes up for nothing that another lacks. */
export const behind = (
  sent: Readonly<Record<string, number>>,
  counted: Readonly<Record<string, number>>,
): number =>
  Object.entries(sent).reduce((sum, [topic, count]) => sum + Math.max(0, count - (counted[topic] ?? 0)), 0)
