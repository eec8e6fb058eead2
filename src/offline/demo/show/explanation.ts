import { reasonCatalogue } from '../../../decision/reasonCatalogue.ts'
import type { Notice, Reason } from '../../../domain/decision.ts'
import type { Payment } from '../../../domain/payment.ts'
import type { Evidence } from '../evidence.ts'
import type { Shown } from '../showcase.ts'
import { instant, money, value } from './numbers.ts'

const paidTo = ({ payeeId, merchantId }: Payment): string => {
  if (payeeId !== null) return `to ${payeeId}`
  return merchantId === null ? '' : `at ${merchantId}`
}

const paymentLine = (payment: Payment): string =>
  [
    money(payment.amountMinor, payment.currency),
    `${payment.method} by ${payment.channel}`,
    `from ${payment.accountId}`,
    paidTo(payment),
    payment.deviceId === null ? '' : `with ${payment.deviceId}`,
    instant(payment.occurredAt),
  ]
    .filter((part) => part !== '')
    .join(', ')

const evidenceText = ({ feature, value: found, usual }: Evidence): string =>
  usual === null ? `${feature} ${value(found)}` : `${feature} ${value(found)} (ordinary: ${value(usual)})`

const reasonLines = (reason: Reason, evidence: readonly Evidence[]): readonly string[] => {
  const { code, contribution } = reason
  const weight = contribution === null ? 'rule' : `${contribution >= 0 ? '+' : ''}${contribution.toFixed(2)}`
  const text = reasonCatalogue[code]
  return [
    `    ${weight.padStart(6)}  ${code}${text === undefined ? '' : `: ${text.operatorEn}. ${text.operatorZh}`}`,
    ...evidence.map((each) => `            ${evidenceText(each)}`),
  ]
}

const noticeLines = ({
  severity,
  code,
  actionEn,
  actionZh,
  reasonEn,
  reasonZh,
}: Notice): readonly string[] => [
  `    ${severity} ${code}`,
  `      ${actionEn} ${reasonEn}`,
  `      ${actionZh}${reasonZh}`,
]

/** One decision in full. @param evidenceOf the numbers behind a reason; none where they could not be read */
export const explanationLines = (
  { payment, truth, decision }: Shown,
  evidenceOf: (reason: Reason) => readonly Evidence[],
): readonly string[] => {
  const { wait, decode, recall, features, score, decide } = decision.stageMicros
  const really = truth.fraud
    ? `really a fraud: ${truth.scenario ?? 'of no known kind'}`
    : 'really a good payment'
  const probability =
    decision.probability === null
      ? 'no probability'
      : `probability of fraud ${decision.probability.toFixed(3)}`
  return [
    `${decision.outcome}  ${payment.paymentId} (${really})`,
    `  payment   ${paymentLine(payment)}`,
    `  decision  ${probability}, risk ${decision.riskLevel}, ${decision.stepUpMethod === null ? 'no step-up' : `step-up by ${decision.stepUpMethod}`}${decision.degraded.length === 0 ? '' : `, without ${decision.degraded.join(', ')}`}`,
    "  reasons   (rule, or what it adds to the model's log-odds)",
    ...decision.reasons.flatMap((reason) => reasonLines(reason, evidenceOf(reason))),
    ...(decision.notices.length === 0 ? [] : ['  notices   for the payer']),
    ...decision.notices.flatMap(noticeLines),
    `  stages    microseconds: wait ${wait}, decode ${decode}, recall ${recall}, features ${features}, score ${score}, decide ${decide}`,
  ]
}
