import type { Decided, Decision } from '../domain/decision.ts'
import type { Journal } from '../domain/journal.ts'
import type { Received, Refused, Source } from '../domain/received.ts'
import type { Lagging } from '../features/degraded.ts'
import type { Concluded, Histories } from '../features/histories.ts'
import type { Recalled } from '../features/recalled.ts'
import { createAnswer, createAnswerRefused } from '../stream/answer.ts'
import type { Deciding, Outbound, Positions, Stages } from '../stream/flow.ts'
import type { RawRecord } from '../stream/record.ts'
import { recordTime } from '../stream/codec/clock.ts'
import { createSettle, type Settlement } from '../stream/settle.ts'
import { askedFor } from './askedFor.ts'
import type { Engine } from './engine.ts'
import { createFeedbackMac } from './feedbackMac.ts'

export type StageDeps = {
  /** The engine in use: another one after a swap. */
  readonly engine: () => Engine
  readonly decode: (record: RawRecord) => Received | Refused
  readonly decisions: {
    readonly encode: (decision: Decision) => Buffer
    readonly decode: (bytes: Buffer) => Decision
  }
  readonly histories: Histories
  /** Takes note of what was decided, beside the histories. */
  readonly remember?: (decided: readonly Decided[]) => void
  /** The side inputs that lag now. */
  readonly lagging: () => Lagging
  readonly journal: Journal
  /** The answer to a record that stands in `decisions` already; null: there is none. */
  readonly published: (source: Source) => Buffer | null
  readonly publish: (outbound: Outbound) => Promise<Positions>
  /** Epoch milliseconds. */
  readonly now: () => number
  /** Counts from the record's timestamp; a payment's own `respondBy` goes before it. */
  readonly deadlineMs: number
  readonly validityMs: number
  readonly feedbackKey: Buffer
  readonly observeJournal: (kind: Settlement) => void
}

/** What is remembered of a payment, and what lagged before that was read. */
type Remembered = { readonly recalled: Recalled; readonly lagging: Lagging }

/** Puts the parts into the places of the flow; whichever stores are handed in, the stages are these. */
export const composeStages = (deps: StageDeps): Stages<Remembered> => {
  const { histories } = deps
  const decidingBy = createDeciding(deps)
  return {
    decode: deps.decode,
    recall: async (payments) => {
      // Before the histories are read: what is taken over in between must not count as seen.
      const lagging = deps.lagging()
      return (await histories.remember(payments)).map((recalled) => ({ recalled, lagging }))
    },
    deciding: onceFor(deps.engine, decidingBy),
    publish: deps.publish,
    conclude: (decided) => {
      deps.remember?.(decided)
      return histories.conclude(decided.map(concluded))
    },
  }
}

/** What an engine does in a micro-batch: all of it, so that no part of another bundle gets between. */
const createDeciding = (deps: StageDeps): ((engine: Engine) => Deciding<Remembered>) => {
  const mac = createFeedbackMac(deps.feedbackKey)
  const isLate = ({ payment, source }: Received): boolean =>
    deps.now() > (payment.respondBy ?? recordTime(source, deps.now) + deps.deadlineMs)

  /** Not by the answer to another record that had this one's offset before the topic was made anew. */
  const isAnswered = ({ source, paymentId }: Refused): boolean => {
    const bytes = deps.published(source)
    return bytes !== null && deps.decisions.decode(bytes).paymentId === paymentId
  }

  return (engine) => {
    const answerDeps = {
      encode: deps.decisions.encode,
      bundleHash: () => engine.bundleHash,
      mac,
      now: deps.now,
      isLate,
      validityMs: deps.validityMs,
    }
    const answer = createAnswer(answerDeps)
    const answerRefused = createAnswerRefused(answerDeps, engine.assessInvalid)
    return {
      bundleHash: engine.bundleHash,
      enrich: ({ recalled, lagging }) => engine.enrich(recalled, isLate(recalled.received), lagging),
      enrichLean:
        engine.enrichLean === null
          ? null
          : ({ recalled, lagging }) =>
              (engine.enrichLean ?? engine.enrich)(recalled, isLate(recalled.received), lagging),
      score: engine.score,
      secondOpinions: engine.secondOpinions,
      note: engine.note,
      assess: engine.assess,
      explain: engine.explain,
      answer,
      answerRefused: (refused) => (isAnswered(refused) ? null : answerRefused(refused)),
      settle: createSettle({
        journal: deps.journal,
        published: deps.published,
        decode: deps.decisions.decode,
        assessReused: engine.assessReused,
        answer,
        observe: deps.observeJournal,
      }),
    }
  }
}

/** Makes it anew only when what it is made of is another one. */
const onceFor = <Of, Made>(current: () => Of, make: (of: Of) => Made): (() => Made) => {
  let last: { readonly of: Of; readonly made: Made } | null = null
  return () => {
    const of = current()
    if (last?.of !== of) last = { of, made: make(of) }
    return last.made
  }
}

const concluded = ({ received, decision }: Decided): Concluded => {
  const reasons = askedFor(decision)
  return reasons === undefined
    ? { received, outcome: decision.outcome }
    : { received, outcome: decision.outcome, reasons }
}
