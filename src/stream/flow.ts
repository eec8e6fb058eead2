import type { Assessed, Decided, Enriched, ModelOpinion, Scored } from '../domain/decision.ts'
import type { Received, Refused } from '../domain/received.ts'
import type { Answer, Proposed } from './answer.ts'
import type { RawRecord } from './record.ts'
import { startLaps, type Laps, type ObserveStage } from './laps.ts'

/** The stages of one micro-batch, in the order in which a payment meets them. What waits returns a promise. */
export type Stages<Recalled> = {
  readonly decode: (record: RawRecord) => Received | Refused
  /** Appends the payments to the histories of their entities and reads what each payment sees. Never rejects. */
  readonly recall: (received: readonly Received[]) => Promise<readonly Recalled[]>
  /** Those of the bundle in use: asked for once a micro-batch, which then has one bundle whatever is swapped. */
  readonly deciding: () => Deciding<Recalled>
  readonly publish: (outbound: Outbound) => Promise<Positions>
  /** Appends the outcomes to the histories. Never rejects. */
  readonly conclude: (decided: readonly Decided[]) => Promise<void>
}

/** What one bundle of model and policy does in a micro-batch. */
export type Deciding<Recalled> = {
  readonly bundleHash: string
  readonly enrich: (recalled: Recalled) => Enriched
  /** Without the features that the models can do without, which are not known then; null where there are none. */
  readonly enrichLean: ((recalled: Recalled) => Enriched) | null
  readonly score: (enriched: readonly Enriched[]) => readonly Scored[]
  readonly assess: (scored: Scored) => Assessed
  readonly explain: (assessed: readonly Assessed[]) => readonly Assessed[]
  readonly answer: (assessed: Assessed, laps: Laps) => Proposed
  /** The answer to a record that is no payment, if its paymentId can still be read and it has none yet. */
  readonly answerRefused: (refused: Refused) => Answer | null
  /** Whoever journals first wins: an earlier answer replaces the proposed one. Never rejects. */
  readonly settle: (proposed: readonly Proposed[], laps: Laps) => Promise<readonly Decided[]>
  /** What models that did not decide would have said; null where there is none. Never rejects. */
  readonly secondOpinions: SecondOpinions | null
  /** Takes note of what was decided. */
  readonly note: (assessed: readonly Assessed[]) => void
}

/** The opinions of each payment, in their order. */
export type SecondOpinions = (assessed: readonly Assessed[]) => Promise<readonly (readonly ModelOpinion[])[]>

/** All that one micro-batch sends. */
export type Outbound = {
  readonly settled: readonly Settled[]
  readonly answers: readonly Answer[]
  readonly refused: readonly Refused[]
  /** To be asked when the answers are on their way; what comes of it belongs into the audit records. */
  readonly secondOpinions: SecondOpinions | null
}

/** A decided payment with what made its decision. */
export type Settled = {
  readonly assessed: Assessed
  /** Of the bundle that assessed it. The decision is of another one where it was made before a swap. */
  readonly assessedBy: string
  readonly decided: Decided
}

/** By partition, the offset after the last decision of this micro-batch in `decisions`. */
export type Positions = ReadonlyMap<number, string>

/**
 * Answers a micro-batch; its records may come from several partitions, those of each in their order.
 * @param onDecided called when all is decided and its outcomes stand in the histories: the next micro-batch of these
 * partitions sees them, and may begin, though nothing of this one may be published yet
 */
export type Flow = (records: readonly RawRecord[], onDecided?: () => void) => Promise<Positions>

const noPositions: Positions = new Map()

const isRefused = (decoded: Received | Refused): decoded is Refused => 'reason' in decoded
const isReceived = (decoded: Received | Refused): decoded is Received => !isRefused(decoded)

/** One micro-batch: each record in it is answered before the promise resolves. */
export const createFlow =
  <Recalled>(stage: Stages<Recalled>, monotonic: () => number, observe: ObserveStage): Flow =>
  async (records, onDecided) => {
    const first = records[0]
    if (first === undefined) return noPositions
    const laps = startLaps(first.enteredAt, monotonic, observe)
    laps.lap('wait')

    const decoded = records.map(stage.decode)
    const received = decoded.filter(isReceived)
    const refused = decoded.filter(isRefused)
    laps.lap('decode')

    const recalled = await stage.recall(received)
    laps.lap('recall')

    const bundle = stage.deciding()
    const enriched = recalled.map(bundle.enrich)
    laps.lap('features')

    const scored = bundle.score(enriched)
    laps.lap('score')

    const assessed = scored.map(bundle.assess)
    laps.lap('decide')

    const explained = bundle.explain(assessed)
    laps.lap('explain')

    const decided = await bundle.settle(
      explained.map((payment) => bundle.answer(payment, laps)),
      laps,
    )
    laps.lap('journal')

    const published = stage.publish({
      settled: decided.map((each, i) => ({
        decided: each,
        assessed: at(explained, i),
        assessedBy: bundle.bundleHash,
      })),
      answers: inOrder(decided, refused.map(bundle.answerRefused)),
      refused,
      secondOpinions: bundle.secondOpinions,
    })
    const concluded = stage.conclude(decided)
    bundle.note(explained)
    const [positions] = await Promise.all([published, concluded.then(onDecided)])
    laps.lap('publish')
    return positions
  }

/** Decisions leave in the order in which their payments came: the order per account is kept. */
const inOrder = (decided: readonly Decided[], refused: readonly (Answer | null)[]): readonly Answer[] => {
  const answers: Answer[] = decided
    .filter(({ published }) => !published)
    .map(({ received, bytes }) => ({
      source: received.source,
      key: received.payment.accountId,
      bytes,
    }))
  const extra = refused.filter((answer) => answer !== null)
  if (extra.length === 0) return answers
  return [...answers, ...extra].sort(
    (a, b) => a.source.partition - b.source.partition || a.source.offset - b.source.offset,
  )
}

const at = <T>(list: readonly T[], index: number): T => {
  const item = list[index]
  if (item === undefined)
    throw new RangeError(`a stage lost a payment: nothing at ${index} of ${list.length}`)
  return item
}
