import type { Decision, StepUpMethod } from '../domain/decision.ts'

/** What became of a step-up, as the switch says it on `risk-feedback`. */
export type StepUpResult = 'PASSED' | 'FAILED' | 'ABANDONED'

/** EMV 3-D Secure 2.2 and later: `transStatus` of an authentication response. */
export const transStatuses = ['Y', 'N', 'U', 'A', 'C', 'R', 'I', 'D'] as const
export type TransStatus = {
  readonly transStatus: (typeof transStatuses)[number]
  /** Two digits; null where the status carries none. */
  readonly transStatusReason: string | null
}

/** ISO 20022 pacs.002: `TxSts` and `StsRsnInf/Rsn/Cd`. */
export type PaymentStatus = {
  readonly transactionStatus: 'ACCP' | 'PDNG' | 'RJCT'
  readonly statusReason: 'FRAD' | 'MS03' | 'DS24' | null
}

type Asked = Pick<Decision, 'outcome' | 'stepUpMethod' | 'reasons'>

/** Answered away from the payment's own session: 3-D Secure calls that decoupled. */
const decoupled: ReadonlySet<StepUpMethod> = new Set(['CALL_BACK', 'BRANCH'])

const reasonCodes = {
  cardAuthenticationFailed: '01',
  invalidTransaction: '07',
  suspectedFraud: '11',
  timedOutAtAcs: '14',
  exceedsAcsChallenges: '19',
  decoupledTimeExceeded: '24',
} as const

const status = (
  transStatus: TransStatus['transStatus'],
  transStatusReason: string | null = null,
): TransStatus => ({ transStatus, transStatusReason })

const rejectedFor = ({ reasons }: Asked): string => {
  const codes = reasons.map(({ code }) => code)
  if (codes.includes('INVALID_PAYMENT')) return reasonCodes.invalidTransaction
  return codes[0] === 'STEP_UP_FAILED' ? reasonCodes.exceedsAcsChallenges : reasonCodes.suspectedFraud
}

/**
 * What an access control server answers for a decision. A, attempts, and I, informational, are what others' answers
 * are made of: no decision is one. Without any decision it is U; see `noDecision`.
 * @param result of the step-up, once there is one
 */
export const toTransStatus = (decision: Asked, result: StepUpResult | null = null): TransStatus => {
  if (decision.outcome === 'ALLOW') return status('Y')
  if (decision.outcome === 'BLOCK') return status('R', rejectedFor(decision))
  const isDecoupled = decision.stepUpMethod !== null && decoupled.has(decision.stepUpMethod)
  switch (result) {
    case null:
      return status(isDecoupled ? 'D' : 'C')
    case 'PASSED':
      return status('Y')
    case 'FAILED':
      return status('N', reasonCodes.cardAuthenticationFailed)
    case 'ABANDONED':
      return status('N', isDecoupled ? reasonCodes.decoupledTimeExceeded : reasonCodes.timedOutAtAcs)
  }
}

const paymentStatus = (
  transactionStatus: PaymentStatus['transactionStatus'],
  statusReason: PaymentStatus['statusReason'] = null,
): PaymentStatus => ({ transactionStatus, statusReason })

/** What a bank answers on a credit transfer for a decision. @param result of the step-up, once there is one */
export const toPaymentStatus = (
  decision: Pick<Decision, 'outcome'>,
  result: StepUpResult | null = null,
): PaymentStatus => {
  if (decision.outcome === 'ALLOW') return paymentStatus('ACCP')
  if (decision.outcome === 'BLOCK') return paymentStatus('RJCT', 'FRAD')
  switch (result) {
    case null:
      return paymentStatus('PDNG')
    case 'PASSED':
      return paymentStatus('ACCP')
    case 'FAILED':
      return paymentStatus('RJCT', 'MS03')
    case 'ABANDONED':
      return paymentStatus('RJCT', 'DS24')
  }
}

/** Where no decision came in time and the switch answers by a rule of its own: it could not be judged. */
export const noDecision: { readonly transStatus: TransStatus; readonly paymentStatus: PaymentStatus } = {
  transStatus: status('U', '22'),
  paymentStatus: paymentStatus('PDNG'),
}
