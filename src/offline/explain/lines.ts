import { money, instant, value as valueText } from '../demo/show/numbers.ts'
import type { DecisionAccount, ShownFeature } from './account.ts'
import type { Found } from './found.ts'

const featureText = ({ name, value, unit }: ShownFeature): string =>
  `${name} ${value === null ? 'not known' : `${valueText(value)}${unit === '' ? '' : ` ${unit}`}`}`

const none = (items: readonly string[], otherwise: string): string =>
  items.length === 0 ? otherwise : items.join(', ')

const deviceLines = ({ audit, decision }: DecisionAccount): readonly string[] => {
  const head = `  device     protection ${decision.protectionLevel}: ${none(decision.protectionReasons, 'nothing against it')}`
  if (audit?.device === null || audit === null) return [head]
  const { platform, osVersion, observedAt, readings } = audit.device
  return [
    `${head}; ${platform} ${osVersion ?? ''}, seen ${instant(observedAt)}`,
    ...readings.map(
      ({ signal, state, source, attested, expiresAt }) =>
        `             ${signal} ${state}, says ${source}${attested ? ' (attested)' : ''}, until ${instant(expiresAt)}`,
    ),
  ]
}

/** One decision in plain words. Tokens as the payment has them; a card's is left out. */
export const decisionLines = (account: DecisionAccount): readonly string[] => {
  const { decision, audit } = account
  const { stageMicros } = decision
  return [
    `${decision.outcome}  ${decision.paymentId}, attempt ${decision.attempt}, ${instant(decision.decidedAt)}`,
    ...(audit === null
      ? [
          '  no audit record: the record was no payment, audit is off, or the record is older than the topic keeps',
        ]
      : [
          `  payment    ${money(audit.payment.amountMinor, audit.payment.currency)}, ${audit.payment.method} by ${audit.payment.channel}, from ${audit.payment.accountId}, ${instant(audit.payment.occurredAt)}`,
        ]),
    `  risk       ${decision.probability === null ? 'no probability' : `probability of fraud ${decision.probability.toFixed(4)}`}, ${decision.riskLevel}`,
    ...(account.reasons.length === 0 ? ['  why        no part of the policy objected'] : ['  why']),
    ...account.reasons.flatMap(({ code, text, contribution, features }) => [
      `    ${code}${contribution === null ? '' : ` (${contribution >= 0 ? '+' : ''}${contribution.toFixed(2)} log-odds)`}${text === '' ? '' : `: ${text}`}`,
      ...features.map((feature) => `      ${featureText(feature)}`),
    ]),
    ...deviceLines(account),
    ...(audit?.intelHits ?? []).map(
      ({ subject, indicatorId, source, confidence, tlp }) =>
        `  listed     ${subject} by ${indicatorId}${source === '' ? '' : ` of ${source}`}, confidence ${confidence ?? 'not stated'}, TLP ${tlp}`,
    ),
    ...(audit?.listed ?? []).map(
      ({ effect, subject, entryId, reason }) =>
        `  list       ${effect} of ${subject} by ${entryId}: ${reason}`,
    ),
    `  lacked     ${none(decision.degraded, 'nothing')}${decision.late ? '; late' : ''}`,
    `  softened   ${none(decision.exceptions, 'by nothing')}`,
    `  left out   ${none(decision.shed, 'nothing')}`,
    `  step-up    ${decision.stepUpMethod ?? 'none'}`,
    ...account.stepUps
      .filter(({ unsafe }) => unsafe.length > 0)
      .map(({ method, unsafe }) => `    ${method} unsafe: ${unsafe.join(', ')}`),
    `  by         model ${account.model ?? 'none'}, policy ${account.policySha256?.slice(0, 16) ?? 'not known'}, bundle ${decision.bundleHash}`,
    `  took       microseconds: ${Object.entries(stageMicros)
      .map(([stage, micros]) => `${stage} ${micros}`)
      .join(', ')}`,
    ...(audit?.redelivered === true
      ? ['  again      the record came again later: what is shown of features and device is from then']
      : []),
  ]
}

/** What else the topics hold of the payment. */
export const aroundLines = ({ decisions, deadLetters, feedback }: Found): readonly string[] => [
  `answers    ${decisions.length === 0 ? 'none' : ''}`,
  ...decisions.map(
    ({ decision, partition, offset, timestamp }) =>
      `  ${instant(timestamp)}  attempt ${decision.attempt}  ${decision.outcome}  partition ${partition}, offset ${offset}`,
  ),
  ...deadLetters.map(
    ({ timestamp, topic, reason, field, detail }) =>
      `refused    ${instant(timestamp)}  of ${topic}: ${reason}${field === null ? '' : `, ${field}`}: ${detail}`,
  ),
  ...feedback.map(
    ({ knownAt, kind, source, attempt, refused }) =>
      `feedback   ${instant(knownAt)}  ${kind} from ${source}, attempt ${attempt}${refused === null ? '' : `; not believed: ${refused}`}`,
  ),
]
