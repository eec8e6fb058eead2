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
  /** Stands for what the record says, in whatever form: two with the same id and other content are two questions. */
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
  /** Stands for the bytes. */
  readonly bytes: string
}

/** Each list names at most `namedAtMost`; the counts are whole. */
export type Findings = {
  readonly sent: number
  readonly answered: number
  readonly missing: readonly string[]
  /** Two answers to one question, or one answer to two. */
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
  /** Decided before the deadline, and flagged as late. */
  readonly misflagged: readonly string[]
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

type Paired = { readonly record: SentRecord; readonly answer: AnswerRecord }

/** Each record with its answer; where no answer says whose it is, the first one is the first record's. */
const pairs = (asked: readonly SentRecord[], answers: readonly AnswerRecord[]): readonly Paired[] => {
  const [record] = asked
  const [answer] = answers
  if (answers.every(({ sourceOffset }) => sourceOffset === null))
    return record === undefined || answer === undefined ? [] : [{ record, answer }]
  const given = new Map<string, AnswerRecord>()
  for (const each of answers) {
    const place = `${each.partition} ${each.sourceOffset}`
    if (!given.has(place)) given.set(place, each)
  }
  return asked.flatMap((each) => {
    const own = given.get(`${each.partition} ${each.offset}`)
    return own === undefined ? [] : [{ record: each, answer: own }]
  })
}

/** What was said of one content is said of another one too. */
const isBorrowed = (paired: readonly Paired[]): boolean => {
  const contents = groupBy(
    paired.filter(({ answer }) => answer.contentHash !== ''),
    ({ answer }) => answer.contentHash,
  )
  return [...contents.values()].some((same) => new Set(same.map(({ record }) => record.content)).size > 1)
}

type Timing = 'kept' | 'unflagged' | 'misflagged' | 'heldUp'

const timingOf = ({ record, answer }: Paired, deadlineMs: number): Timing => {
  const dueAt = record.respondBy ?? record.at + deadlineMs
  if (answer.contentHash === '') return 'kept'
  if (answer.late) return answer.decidedAt < dueAt - justNowMs ? 'misflagged' : 'kept'
  if (answer.decidedAt > dueAt + justNowMs) return 'unflagged'
  return answer.at > dueAt ? 'heldUp' : 'kept'
}

/** Of each answer when it was made: given again to a record that came later it is as it was. */
const timingsOf = (paired: readonly Paired[], deadlineMs: number): readonly Timing[] => {
  const made = new Set<string>()
  return paired.flatMap((each) => {
    if (made.has(each.answer.bytes)) return []
    made.add(each.answer.bytes)
    return [timingOf(each, deadlineMs)]
  })
}

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
  const misflagged: string[] = []
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
    const paired = pairs(records, given)
    if (isContradictory(records, given) || isBorrowed(paired)) contradictory.push(name)
    else if (given.length > records.length) {
      duplicates += given.length - records.length
      repeated.push(`${name}: ${placesOf(given)}`)
    }
    const timings = timingsOf(paired, deadlineMs)
    if (timings.includes('unflagged')) unflagged.push(name)
    if (timings.includes('misflagged')) misflagged.push(name)
    heldUp += timings.filter((timing) => timing === 'heldUp').length
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
    misflagged: misflagged.slice(0, namedAtMost),
    heldUp,
  }
}
