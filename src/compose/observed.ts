import type { Decided } from '../domain/decision.ts'
import type { Seen } from '../model/conduct.ts'
import type { Metrics } from '../ops/metrics.ts'
import { hasTime } from '../stream/codec/clock.ts'
import type { Outbound, Positions, Stages } from '../stream/flow.ts'

export type Clocks = {
  /** Epoch milliseconds. */
  readonly now: () => number
  /** Milliseconds that never step back. */
  readonly monotonic: () => number
}

/** The own part's budget: entry into the consumer to hand-over to the producer. */
const ownPartMs = 10

/**
 * What a bundle answers for: not for an earlier answer, not for the time of a payment that came too late, and for what it
 * would have blocked but for a breaker.
 */
const seenOf = ({ decision }: Decided, tookMs: number): Seen => ({
  scored: decision.probability !== null,
  blocked: decision.outcome === 'BLOCK' || decision.exceptions.some((each) => kindOf(each) === 'breaker'),
  slow: tookMs > ownPartMs && !decision.late,
})

/** An operator's order had a hand in it: it says nothing of its bundle. */
const isOrdered = ({ decision: { model, exceptions, reasons } }: Decided): boolean =>
  model === null || exceptions.includes('kill_switch') || reasons.some(({ code }) => code === 'KILL_SWITCH')

const kindOf = (exception: string): string => exception.split(':', 1)[0] ?? exception

const countDecided = (metrics: Metrics, { decision, repeated, published }: Decided): void => {
  if (published) return metrics.countRecoveredAnswer()
  if (repeated) return metrics.countRepeatedAnswer()
  metrics.countDecision(decision.outcome)
  if (decision.late) metrics.countLate()
  for (const input of decision.degraded) metrics.countDegraded(input)
  if (decision.model !== null) metrics.countModelDecision(decision.model)
  for (const { code } of decision.reasons) metrics.countRuleHit(code)
  for (const kind of new Set(decision.exceptions.map(kindOf))) metrics.countException(kind)
}

/** Stages of which everything is counted, from outside: the stages themselves know no metrics. */
export const observeStages = <Recalled>(
  stages: Stages<Recalled>,
  metrics: Metrics,
  { now, monotonic }: Clocks,
  see: (bundleHash: string, seen: Seen) => void,
): Stages<Recalled> => ({
  ...stages,
  recall: (received) => {
    metrics.observeBatch(received.length)
    return stages.recall(received)
  },
  conclude: async (decided) => {
    const startedAt = monotonic()
    await stages.conclude(decided)
    metrics.observeStage('conclude', (monotonic() - startedAt) / 1000)
  },
  publish: async (outbound: Outbound): Promise<Positions> => {
    metrics.countPayments(outbound.settled.length + outbound.refused.length)
    const handedOverAt = monotonic()
    for (const { assessed } of outbound.settled)
      metrics.observeOwnPart((handedOverAt - assessed.enteredAt) / 1000)
    const positions = await stages.publish(outbound)
    const publishedAt = now()
    for (const { assessed, decided } of outbound.settled) {
      // Its partition was lost: it comes again.
      if (!decided.published && !positions.has(assessed.source.partition)) continue
      if (hasTime(assessed.source))
        metrics.observeEndToEnd(Math.max(0, publishedAt - assessed.source.timestamp) / 1000)
      countDecided(metrics, decided)
      if (!decided.repeated && !decided.published && !isOrdered(decided))
        see(decided.decision.bundleHash, seenOf(decided, handedOverAt - assessed.enteredAt))
    }
    for (const { reason } of outbound.refused) metrics.countDeadLetter(reason)
    return positions
  },
})
