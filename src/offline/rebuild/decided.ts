import type { Outcome } from '../../domain/outcome.ts'
import type { ReasonSet } from '../../domain/reasonSet.ts'
import type { RawRecord } from '../../stream/record.ts'

/** The part of a partition's reader that is needed here. */
export type Readable = { read(until: number): Promise<readonly RawRecord[]> }

/** What one record of `decisions` answers. */
export type Answered = {
  /** Offset of the payment in the partition of `payments` with the same number. */
  readonly sourceOffset: number
  readonly outcome: Outcome
  /** What the payment was stepped up for; the empty set where it was not. */
  readonly reasons: ReasonSet
  /** As the processor computed it; empty where the record was no payment. */
  readonly contentHash: string
}

export type DecidedRecord = {
  readonly record: RawRecord
  /** null: payments that came after it were decided, and nothing says what became of it. */
  readonly answer: Answered | null
}

export type DecidedRecords = {
  /** Some payments up to the last one that is decided, in their order; none once there are no more. */
  read(until: { readonly payments: number; readonly decisions: number }): Promise<readonly DecidedRecord[]>
  /** Offset after the last payment that was handed out. */
  readonly position: number
}

/**
 * Joins the records of one partition of `payments` with their decisions, which stand in the partition of the same
 * number in nearly the same order: after a crash some are told twice. A payment is handed out when its own or a later
 * one's decision was seen: the others are still to be remembered by whoever decides them.
 * @param answerOf null for a record of `decisions` that answers no record of `payments`
 */
export const createDecidedRecords = (
  payments: Readable,
  decisions: Readable,
  start: number,
  answerOf: (record: RawRecord) => Answered | null,
): DecidedRecords => {
  let undecided: readonly RawRecord[] = []
  let answers: readonly Answered[] = []
  let next = 0
  let position = start

  const moreAnswers = async (until: number): Promise<boolean> => {
    const records = await decisions.read(until)
    answers = records.map(answerOf).filter((answer) => answer !== null)
    next = 0
    return records.length > 0
  }

  /** The first answer for that offset or a later one; null: none of them is decided yet. */
  const answerFrom = async (offset: number, until: number): Promise<Answered | null> => {
    for (;;) {
      for (; next < answers.length; next++) {
        const answer = answers[next]
        if (answer !== undefined && answer.sourceOffset >= offset) return answer
      }
      if (!(await moreAnswers(until))) return null
    }
  }

  return {
    read: async (until) => {
      const records = undecided.length > 0 ? undecided : await payments.read(until.payments)
      const decided: DecidedRecord[] = []
      for (const record of records) {
        const answer = await answerFrom(record.offset, until.decisions)
        if (answer === null) break
        decided.push({ record, answer: answer.sourceOffset === record.offset ? answer : null })
      }
      undecided = records.slice(decided.length)
      position = (decided.at(-1)?.record.offset ?? position - 1) + 1
      return decided
    },
    get position() {
      return position
    },
  }
}
