import type { AccountEvent } from '../../domain/accountEvent.ts'
import type { DeviceReport } from '../../domain/deviceHealth.ts'
import type { RiskFeedback } from '../../domain/feedback.ts'
import type { Payment } from '../../domain/payment.ts'

/** The ways of fraud that the simulator knows; one file each in `scenarios/`. */
export const scenarioNames = [
  'ACCOUNT_TAKEOVER',
  'REMOTE_CONTROL',
  'SIM_SWAP',
  'CARD_TESTING',
  'MULE_PAYEE',
  'COMPROMISED_MERCHANT',
  'SMS_MALWARE',
  'LOST_PHONE',
] as const
export type ScenarioName = (typeof scenarioNames)[number]

/** What really happened. It travels beside the payment, never in it. */
export type Truth = {
  readonly fraud: boolean
  /** null for a good payment. */
  readonly scenario: ScenarioName | null
  /** When the fraud becomes known, epoch milliseconds; null for a good payment: nobody reports those. */
  readonly knownAt: number | null
}

export type SimPayment = {
  readonly at: number
  readonly kind: 'payment'
  readonly payment: Payment
  readonly truth: Truth
}

/** One thing that happens in the simulated world, at `at` (epoch milliseconds). */
export type SimEvent =
  | SimPayment
  | { readonly at: number; readonly kind: 'deviceHealth'; readonly report: DeviceReport }
  | { readonly at: number; readonly kind: 'accountEvent'; readonly event: AccountEvent }
  | { readonly at: number; readonly kind: 'feedback'; readonly feedback: RiskFeedback }
