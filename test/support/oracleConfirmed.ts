import type { OracleEntry, OraclePayment } from './oracleEntries.ts'
import { knownFrauds } from './oracleNotes.ts'
import { samePayment, withoutRepeats, type Earlier } from './oracleSeen.ts'

/** Where in what is seen a payment was first told the outcome; Infinity: nowhere. */
const placeOf = (outcome: string, { told }: Earlier): number =>
  Math.min(...told.filter((each) => each.outcome === outcome).map(({ place }) => place))

const firstAsked = ({ payment }: Earlier, seen: readonly OracleEntry[]): number =>
  seen
    .filter((entry) => entry.kind === 'outcome')
    .filter((entry) => entry.outcome === 'STEP_UP' && samePayment(entry.payment, payment))
    .map(({ reasons }) => reasons ?? 0)
    .find((reasons) => reasons > 0) ?? 0

const asksNoMore = (self: OraclePayment, earlier: OraclePayment): boolean =>
  self.amount <= earlier.amount &&
  (['card', 'device', 'payee', 'merchant'] as const).every(
    (type) => self.entities[type] === earlier.entities[type],
  )

const isRelated = (measure: string, self: OraclePayment, earlier: OraclePayment): boolean =>
  measure === 'attempt_confirmed_reasons'
    ? earlier.paymentId === self.paymentId && earlier.attempt < self.attempt
    : self.entities.payee !== null || self.entities.merchant !== null

/** What passed step-ups settle for the payment: the sum of the numbered reasons, and of how many payments. */
export const confirmed = (
  measure: string,
  self: OraclePayment,
  inWindow: readonly Earlier[],
  seen: readonly OracleEntry[],
): { readonly set: number; readonly passed: number } => {
  const passed = inWindow.filter((each) => Number.isFinite(placeOf('STEP_UP_PASSED', each)))
  const frauds = knownFrauds(self.effectiveAt, seen).map(({ paymentId }) => paymentId)
  const failed = Math.max(
    -1,
    ...withoutRepeats(seen)
      .map((each) => placeOf('STEP_UP_FAILED', each))
      .filter(Number.isFinite),
  )
  const set = passed
    .filter((each) => placeOf('STEP_UP_PASSED', each) >= failed)
    .filter(({ payment }) => !frauds.includes(payment.paymentId))
    .filter(({ payment }) => isRelated(measure, self, payment) && asksNoMore(self, payment))
    .reduce((all, each) => all | BigInt(firstAsked(each, seen)), 0n)
  return { set: Number(set), passed: passed.length }
}
