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

/**
 * ISO 20022 pacs.002: `TxSts` (ExternalPaymentTransactionStatus1Code) and `StsRsnInf/Rsn/Cd`
 * (ExternalStatusReason1Code).
 */
export type PaymentStatus = {
  readonly transactionStatus: 'ACCP' | 'PDNG' | 'RJCT'
  readonly statusReason: 'FRAD' | 'MS03' | 'DS24' | 'FF01' | 'DU03' | 'AM14' | null
}

type Asked = Pick<Decision, 'outcome' | 'stepUpMethod' | 'reasons'>

/** Answered away from the payment's own session: 3-D Secure calls that decoupled. */
const decoupled: ReadonlySet<StepUpMethod> = new Set(['CALL_BACK', 'BRANCH'])

const reasonCodes = {
  cardAuthenticationFailed: '01',
  invalidTransaction: '07',
  securityFailure: '09',
  suspectedFraud: '11',
  notPermitted: '12',
  timedOutAtAcs: '14',
  exceedsAcsChallenges: '19',
  acsTechnicalIssue: '22',
  decoupledTimeExceeded: '24',
} as const

const status = (
  transStatus: TransStatus['transStatus'],
  transStatusReason: string | null = null,
): TransStatus => ({ transStatus, transStatusReason })

type Refusal = {
  readonly transStatusReason: string
  readonly statusReason: NonNullable<PaymentStatus['statusReason']>
}

const suspected: Refusal = { transStatusReason: reasonCodes.suspectedFraud, statusReason: 'FRAD' }
const notJudged: Refusal = { transStatusReason: reasonCodes.acsTechnicalIssue, statusReason: 'MS03' }

/** Blocked for what says nothing of fraud: nobody is to be told that it was. */
const refusals: ReadonlyMap<string, Refusal> = new Map([
  ['INVALID_PAYMENT', { transStatusReason: reasonCodes.invalidTransaction, statusReason: 'FF01' }],
  ['PAYMENT_ID_REUSED', { transStatusReason: reasonCodes.invalidTransaction, statusReason: 'DU03' }],
  ['STEP_UP_FAILED', { transStatusReason: reasonCodes.exceedsAcsChallenges, statusReason: 'MS03' }],
  ['NO_SAFE_STEP_UP', { transStatusReason: reasonCodes.securityFailure, statusReason: 'MS03' }],
  ['AMOUNT_LIMIT', { transStatusReason: reasonCodes.notPermitted, statusReason: 'AM14' }],
  ['FACTS_UNKNOWN', notJudged],
  ['DEGRADED_INPUTS', notJudged],
  ['MODEL_UNAVAILABLE', notJudged],
  ['LATE', notJudged],
  ['KILL_SWITCH', notJudged],
])

/** By the first of the reasons, which is one of the strictest. */
const refusalFor = ({ reasons }: Pick<Asked, 'reasons'>): Refusal =>
  refusals.get(reasons[0]?.code ?? '') ?? suspected

/**
 * What an access control server answers for a decision. A, attempts, and I, informational, are what others' answers
 * are made of: no decision is one. Without any decision it is U; see `noDecision`.
 * @param result of the step-up, once there is one
 */
export const toTransStatus = (decision: Asked, result: StepUpResult | null = null): TransStatus => {
  if (decision.outcome === 'ALLOW') return status('Y')
  if (decision.outcome === 'BLOCK') return status('R', refusalFor(decision).transStatusReason)
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
  decision: Pick<Decision, 'outcome' | 'reasons'>,
  result: StepUpResult | null = null,
): PaymentStatus => {
  if (decision.outcome === 'ALLOW') return paymentStatus('ACCP')
  if (decision.outcome === 'BLOCK') return paymentStatus('RJCT', refusalFor(decision).statusReason)
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
  transStatus: status('U', reasonCodes.acsTechnicalIssue),
  paymentStatus: paymentStatus('PDNG'),
}
