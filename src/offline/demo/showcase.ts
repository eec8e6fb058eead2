import type { Decision } from '../../domain/decision.ts'
import type { Payment } from '../../domain/payment.ts'
import type { Truth } from '../simulator/simEvent.ts'

/** A payment with its decision, to be shown in full. */
export type Shown = { readonly payment: Payment; readonly truth: Truth; readonly decision: Decision }

export type Showcase = {
  readonly consider: (shown: Shown) => void
  /** The most telling STEP_UP, then the most telling BLOCK, of those that there were. */
  readonly chosen: () => readonly Shown[]
}

/** A fraud that was caught says most, then advice for a person, then reasons that have a share each. */
const tells = ({ truth, decision }: Shown): number =>
  (truth.fraud ? 4 : 0) +
  (decision.notices.length > 0 ? 2 : 0) +
  (decision.reasons.some(({ contribution }) => contribution !== null) ? 1 : 0)

export const createShowcase = (): Showcase => {
  const best = new Map<Decision['outcome'], Shown>()
  return {
    consider: (shown) => {
      const { outcome } = shown.decision
      const before = best.get(outcome)
      if (before === undefined || tells(shown) > tells(before)) best.set(outcome, shown)
    },
    chosen: () =>
      (['STEP_UP', 'BLOCK'] as const).flatMap((outcome) => {
        const shown = best.get(outcome)
        return shown === undefined ? [] : [shown]
      }),
  }
}
