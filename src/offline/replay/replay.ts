import type { FeatureRow } from '../../domain/decision.ts'
import type { Happening } from '../../domain/happening.ts'
import type { Outcome } from '../../domain/outcome.ts'
import type { Payment } from '../../domain/payment.ts'
import type { Received } from '../../domain/received.ts'
import type { DeviceStates } from '../../features/deviceStates.ts'
import type { Histories } from '../../features/histories.ts'
import type { FeaturePlan } from '../../features/plan.ts'
import type { Vulnerabilities } from '../../features/vulnerabilities.ts'
import { runsOf, type ReplayEvent, type Run } from './replayEvent.ts'

/** Simulated now: the effectiveAt of the payments that are being replayed. Histories take their time from it. */
export type ReplayClock = { at: number }

export type ReplayDeps = {
  readonly plan: FeaturePlan
  readonly histories: Histories
  readonly devices: DeviceStates
  /** What the plan matches devices with. */
  readonly vulnerabilities: Pick<Vulnerabilities, 'apply'>
  readonly clock: ReplayClock
  /** 16 hexadecimal digits; what makes two payments of one id the same payment. */
  readonly contentHash: (payment: Payment) => string
  /** What was decided; null where that is not known, which counts as not allowed. Default: all were allowed. */
  readonly outcomeOf?: (payment: Payment) => Outcome | null
}

export type Replayed = {
  readonly payment: Payment
  /** One number for each name of the plan; NaN is "not known". A row of its own. */
  readonly row: FeatureRow
  /** Inputs for whose lack a number is not known, sorted. */
  readonly degraded: readonly string[]
}

/** The records of a topic with one partition, one after the other. */
const createOffsets = (): (() => number) => {
  let next = 0
  return () => next++
}

const createReceive = ({ contentHash }: ReplayDeps) => {
  const offsetOf = createOffsets()
  return (payment: Payment, recordTimestamp: number | null): Received => {
    const timestamp = recordTimestamp ?? payment.occurredAt
    return {
      payment,
      source: { topic: 'payments', partition: 0, offset: offsetOf(), timestamp, headers: {} },
      effectiveAt: Math.min(payment.occurredAt, timestamp),
      contentHash: contentHash(payment),
      enteredAt: 0,
    }
  }
}

type Notes = Extract<Run, { readonly kind: 'notes' }>['events']

const createHappenings = () => {
  const [eventOffset, feedbackOffset] = [createOffsets(), createOffsets()]
  return (notes: Notes): readonly Happening[] =>
    notes.map((note) =>
      note.kind === 'accountEvent'
        ? {
            kind: 'accountEvent',
            event: note.event,
            partition: 0,
            offset: eventOffset(),
            cameAt: note.recordTimestamp ?? note.event.occurredAt,
          }
        : {
            kind: 'feedback',
            feedback: note.feedback,
            partition: 0,
            offset: feedbackOffset(),
            cameAt: note.recordTimestamp ?? note.feedback.knownAt,
          },
    )
}

/**
 * The features as the online path computes them, by the same code, as of each payment: it sees what arrived before
 * it. One result for each payment, in the order of the events. Payments that follow one another are one batch, as
 * online: each is remembered with its outcome, so the next ones see it as if they had come alone.
 */
export async function* replay(
  deps: ReplayDeps,
  pieces: Iterable<readonly ReplayEvent[]> | AsyncIterable<readonly ReplayEvent[]>,
): AsyncGenerator<readonly Replayed[], void, undefined> {
  const { plan, histories, devices, vulnerabilities, clock, outcomeOf = () => 'ALLOW' } = deps
  const width = plan.names.length
  const receive = createReceive(deps)
  const happeningsOf = createHappenings()

  for await (const events of pieces) {
    for (const run of runsOf(events)) {
      if (run.kind === 'reports') await devices.apply(run.events.map(({ report }) => report))
      else if (run.kind === 'notes') await histories.note(happeningsOf(run.events))
      else if (run.kind === 'vulnerabilities')
        vulnerabilities.apply(run.events.map(({ vulnerability: value }) => ({ key: value.cveId, value })))
      if (run.kind !== 'payments') continue
      const batch = run.events.map(({ payment, recordTimestamp }) =>
        receive(payment, recordTimestamp ?? null),
      )
      clock.at = batch.at(-1)?.effectiveAt ?? clock.at
      const recalled = await histories.remember(
        batch,
        batch.map(({ payment }) => outcomeOf(payment)),
      )
      // One buffer for all: buffers are much dearer than views of one.
      const rows = new Float64Array(batch.length * width)
      yield recalled.map((each, i): Replayed => {
        const row = rows.subarray(i * width, (i + 1) * width)
        const degraded = plan.compute(each, row)
        return { payment: each.received.payment, row, degraded }
      })
    }
  }
}
