import type { Audit } from '../../src/domain/audit.ts'
import type { ModelOpinion } from '../../src/domain/decision.ts'
import type { Outcome } from '../../src/domain/outcome.ts'
import { createRng } from '../../src/offline/simulator/rng.ts'
import { aPayment } from './payments.ts'
import { aDecision } from './simulated.ts'

const at = aPayment().occurredAt

export type Told = { readonly probability: number; readonly outcome: Outcome }

export const anAudit = (
  paymentId: string,
  decider: string,
  decided: Told,
  others: Readonly<Record<string, Told>>,
  features: readonly number[] = [],
): Audit => ({
  payment: aPayment({ paymentId }),
  sourcePartition: 0,
  sourceOffset: 0,
  sourceTimestamp: at,
  effectiveAt: at,
  features,
  degraded: [],
  decision: aDecision({ paymentId, model: decider, decidedAt: at + 5, validUntil: at + 300_005, ...decided }),
  otherModels: Object.entries(others).map(([model, told]): ModelOpinion => ({
    model,
    probability: Number.isNaN(told.probability) ? null : told.probability,
    outcome: told.outcome,
    scoreMicros: 100,
  })),
  device: null,
  intelHits: [],
  listed: [],
  redelivered: false,
})

const outcomeOf = (probability: number): Outcome =>
  probability >= 0.9 ? 'BLOCK' : probability >= 0.5 ? 'STEP_UP' : 'ALLOW'

/** Payments of a champion m/1 and a challenger m/2 that knows more; every tenth is decided by the challenger. */
export const someAudits = (
  count: number,
  seed = 1,
): readonly { readonly audit: Audit; readonly fraud: boolean }[] => {
  const rng = createRng(seed)
  return Array.from({ length: count }, (_, at) => {
    const fraud = rng.chance(0.1)
    const told = (sharpness: number): Told => {
      const probability = Math.min(1, Math.max(0, (fraud ? 0.7 : 0.2) + (rng.next() - 0.5) * sharpness))
      return { probability, outcome: outcomeOf(probability) }
    }
    const [first, second] = [told(1.2), told(0.6)]
    const audit =
      at % 10 === 0
        ? anAudit(`pay-${at}`, 'm/2', second, { 'm/1': first })
        : anAudit(`pay-${at}`, 'm/1', first, { 'm/2': second })
    return { audit, fraud }
  })
}
