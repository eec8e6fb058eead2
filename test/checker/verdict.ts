/** A record of `payments`, as the checker reads it. It shares no code with what it checks. */
export type SentRecord = {
  readonly partition: number
  readonly offset: number
  /** Of the record, epoch ms. */
  readonly at: number
  /** null: no payment that anybody could answer. */
  readonly paymentId: string | null
  readonly attempt: number
  readonly accountId: string | null
  readonly respondBy: number | null
  /** Stands for the bytes of the record: two with the same id and other content are two questions. */
  readonly content: string
}

/** A record of `decisions`. */
export type AnswerRecord = {
  readonly partition: number
  readonly offset: number
  readonly at: number
  /** The offset of the record that it answers, in the same partition; null: it does not say so. */
  readonly sourceOffset: number | null
  readonly paymentId: string
  readonly attempt: number
  readonly late: boolean
  /** By the clock of whoever decided, epoch ms. */
  readonly decidedAt: number
  /** Empty in the answer to what is no payment. */
  readonly contentHash: string
  readonly outcome: string
  /** Stands for the bytes. */
  readonly bytes: string
}

/** Each list names at most `namedAtMost`; the counts are whole. */
export type Findings = {
  readonly sent: number
  readonly answered: number
  readonly missing: readonly string[]
  /** Two answers to one question. */
  readonly contradictory: readonly string[]
  /** Answers more than there were records, byte for byte the same. */
  readonly duplicates: number
  /** Where those answers stand. */
  readonly repeated: readonly string[]
  /** Answers to what nobody sent. */
  readonly unasked: readonly string[]
  /** Of one account a later payment was answered before an earlier one. */
  readonly disordered: readonly string[]
  /** Decided after the deadline, and not flagged as late. */
  readonly unflagged: readonly string[]
  /** Decided in time, or nearly, and written after the deadline: how many. Kafka was what was late. */
  readonly heldUp: number
}

const namedAtMost = 20
/** Who decides and who writes have clocks of their own; and the flag is set a moment before the time is. */
const justNowMs = 50
const nameOf = ({ paymentId, attempt }: { readonly paymentId: string; readonly attempt: number }): string =>
  `${paymentId}/${attempt}`

const groupBy = <T>(all: readonly T[], key: (each: T) => string): ReadonlyMap<string, readonly T[]> => {
  const groups = new Map<string, T[]>()
  for (const each of all) {
    const group = groups.get(key(each))
    if (group === undefined) groups.set(key(each), [each])
    else group.push(each)
  }
  return groups
}

const placesOf = (answers: readonly AnswerRecord[]): string =>
  answers
    .map(({ partition, offset, at }) => `${partition}/${offset} at ${new Date(at).toISOString()}`)
    .join(', ')

type Asked = SentRecord & { readonly paymentId: string }
const isAsked = (record: SentRecord): record is Asked => record.paymentId !== null

/** More different answers than questions, or two different answers to one content. */
const isContradictory = (asked: readonly SentRecord[], answers: readonly AnswerRecord[]): boolean => {
  const questions = new Set(asked.map(({ content }) => content)).size
  const byContent = groupBy(answers, ({ contentHash }) => contentHash)
  if (byContent.size > questions) return true
  return [...byContent.values()].some((same) => new Set(same.map(({ bytes }) => bytes)).size > 1)
}

/** Fewer answers than records, or a record that no answer names: the same answer twice is none to another record. */
const isMissing = (asked: readonly SentRecord[], answers: readonly AnswerRecord[]): boolean =>
  answers.length < asked.length ||
  (answers.every(({ sourceOffset }) => sourceOffset !== null) &&
    asked.some(
      ({ partition, offset }) =>
        !answers.some((each) => each.partition === partition && each.sourceOffset === offset),
    ))

const disorderedOf = (
  sent: readonly Asked[],
  firstAnswer: ReadonlyMap<string, AnswerRecord>,
): readonly string[] => {
  const found: string[] = []
  for (const records of groupBy(sent, ({ accountId }) => accountId ?? '').values()) {
    const reached = new Map<number, number>()
    const seen = new Set<string>()
    for (const record of records) {
      const name = nameOf(record)
      const answer = firstAnswer.get(name)
      if (seen.has(name) || answer === undefined || record.accountId === null) continue
      seen.add(name)
      if (answer.offset < (reached.get(answer.partition) ?? -1)) found.push(name)
      reached.set(answer.partition, Math.max(answer.offset, reached.get(answer.partition) ?? -1))
    }
  }
  return found
}

/**
 * What a switch could find wrong with all answers to all that it sent.
 * @param sent in the order of each partition
 * @param answers in the order of each partition
 * @param deadlineMs from a record's time on; a payment's own `respondBy` goes before it
 */
export const verdictOf = (
  sent: readonly SentRecord[],
  answers: readonly AnswerRecord[],
  deadlineMs: number,
): Findings => {
  const asked = sent.filter(isAsked)
  const askedBy = groupBy(asked, nameOf)
  const answersBy = groupBy(answers, nameOf)
  const missing: string[] = []
  const contradictory: string[] = []
  const unflagged: string[] = []
  let heldUp = 0
  const firstAnswer = new Map<string, AnswerRecord>()
  let duplicates = 0
  const repeated: string[] = []
  for (const [name, records] of askedBy) {
    const given = answersBy.get(name) ?? []
    if (isMissing(records, given)) missing.push(name)
    const [first] = given
    if (first === undefined) continue
    firstAnswer.set(name, first)
    if (isContradictory(records, given)) contradictory.push(name)
    else if (given.length > records.length) {
      duplicates += given.length - records.length
      repeated.push(`${name}: ${placesOf(given)}`)
    }
    const [record] = records
    const dueAt = record?.respondBy ?? (record?.at ?? 0) + deadlineMs
    if (first.late || first.contentHash === '') continue
    if (first.decidedAt > dueAt + justNowMs) unflagged.push(name)
    else if (first.at > dueAt) heldUp += 1
  }
  const unasked = [...answersBy.keys()].filter((name) => !askedBy.has(name))
  const disordered = disorderedOf(asked, firstAnswer)
  return {
    sent: askedBy.size,
    answered: firstAnswer.size,
    missing: missing.slice(0, namedAtMost),
    contradictory: contradictory.slice(0, namedAtMost),
    duplicates,
    repeated: repeated.slice(0, namedAtMost),
    unasked: unasked.slice(0, namedAtMost),
    disordered: disordered.slice(0, namedAtMost),
    unflagged: unflagged.slice(0, namedAtMost),
    heldUp,
  }
}
