import type { ListEntry } from './listEntry.ts'
import type { Outcome } from './outcome.ts'
import type { Protection, ProtectionLevel } from './protection.ts'
import type { Received } from './received.ts'
import type { Seen } from './seen.ts'

export const riskLevels = ['UNKNOWN', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL'] as const
export type RiskLevel = (typeof riskLevels)[number]

/** Ways to make sure of the payer, strongest first where several are safe. */
export const stepUpMethods = [
  'UNKNOWN',
  'PASSKEY',
  'PUSH',
  'TOTP',
  'SMS_CODE',
  'CALL_BACK',
  'BRANCH',
] as const
export type StepUpMethod = (typeof stepUpMethods)[number]

/** The findings that EU RTS 2018/389 article 18(2)(c) asks a real-time risk analysis to look for. */
export const findings = [
  'ABNORMAL_BEHAVIOUR',
  'UNUSUAL_DEVICE',
  'MALWARE',
  'KNOWN_FRAUD_SCENARIO',
  'ABNORMAL_LOCATION',
  'HIGH_RISK_PAYEE_LOCATION',
] as const
export type Finding = (typeof findings)[number]

export type Reason = {
  /** Stable code, upper snake case. */
  readonly code: string
  /** Share of the model's log-odds that this reason group explains; null for a rule. */
  readonly contribution: number | null
}

export const severities = ['UNKNOWN', 'INFO', 'WARNING', 'CRITICAL'] as const
export type Severity = (typeof severities)[number]

/** What a person should do, and why. */
export type Notice = {
  readonly code: string
  readonly severity: Severity
  readonly actionEn: string
  readonly actionZh: string
  readonly reasonEn: string
  readonly reasonZh: string
}

/** A feature by name; the position is the same in every row that one bundle makes. */
export type FeatureRow = Float64Array

/** A payment with its named numbers. NaN means "not known", never 0. */
export type Enriched = Received & {
  readonly features: FeatureRow
  /** Inputs that could not be read or do not reach back far enough: closed set of names, sorted. */
  readonly degraded: readonly string[]
  /** The answer is wanted sooner than it can be given: take the cheapest path. */
  readonly late: boolean
  /** How far the device that is paid with protects the payment. */
  readonly protection: Protection
  readonly seen: Seen
  /** The entries of the policy's lists that act on it. */
  readonly listed: readonly ListEntry[]
}

/** `probability` is calibrated; NaN when the model could not score. */
export type Scored = Enriched & {
  readonly probability: number
  /** The model that decides this payment, `<id>/<version>`; null: none was to be asked. */
  readonly model: string | null
}

/** What the policy makes of a payment, before the model's reasons are known. */
export type Assessed = Scored & {
  readonly outcome: Outcome
  readonly riskLevel: RiskLevel
  readonly reasons: readonly Reason[]
  readonly stepUpMethod: StepUpMethod | null
  readonly notices: readonly Notice[]
  /** The model's log-odds of fraud; null until, and unless, its reasons were asked for. */
  readonly logOdds: number | null
  /** The sum of what all reason groups of the model contributed to them. */
  readonly explainedLogOdds: number | null
  /** The outcome without exceptions. */
  readonly judged: Outcome
  /** What made the outcome softer than the policy's judgement. */
  readonly exceptions: readonly string[]
  /** Work left out under overload. */
  readonly shed: readonly string[]
}

/** The answer to one payment, as published on `decisions`. */
export type Decision = {
  readonly paymentId: string
  readonly attempt: number
  readonly contentHash: string
  readonly accountId: string | null
  readonly outcome: Outcome
  /** Calibrated probability of fraud; null when nothing could be scored. */
  readonly probability: number | null
  readonly riskLevel: RiskLevel
  readonly reasons: readonly Reason[]
  readonly stepUpMethod: StepUpMethod | null
  readonly notices: readonly Notice[]
  readonly bundleHash: string
  readonly degraded: readonly string[]
  readonly late: boolean
  readonly decidedAt: number
  readonly validUntil: number
  /** Proof for `risk-feedback` that its sender has seen this decision; hexadecimal. */
  readonly feedbackMac: string | null
  /** Microseconds in each stage of the micro-batch that this payment was in. */
  readonly stageMicros: StageMicros
  /**
   * The model that was asked, `<id>/<version>`; null: none was, as a kill switch had it off or the record is no payment.
   */
  readonly model: string | null
  /** The model's log-odds of fraud, where its reasons were asked for. */
  readonly logOdds: number | null
  /** The part of `logOdds` that its reason groups explain: the sum of their contributions. */
  readonly explainedLogOdds: number | null
  /** How far the payer's device protected this payment, and what kept the level from being higher. */
  readonly protectionLevel: ProtectionLevel
  readonly protectionReasons: readonly string[]
  /** What made it softer than the policy's judgement, e.g. `breaker:rule:<id>`; empty where nothing did. */
  readonly exceptions: readonly string[]
  /** Work left out under overload. */
  readonly shed: readonly string[]
}

export type StageMicros = {
  readonly wait: number
  readonly decode: number
  readonly recall: number
  readonly features: number
  readonly score: number
  readonly decide: number
}

/** A decided payment on its way out. `bytes` is what the journal holds and Kafka gets. */
export type Decided = {
  readonly received: Received
  readonly decision: Decision
  readonly bytes: Buffer
  /** True when the payment was sent again, as another record: `bytes` is the answer that it got before. */
  readonly repeated: boolean
  /** True when `bytes` already stands in `decisions` for this very record. */
  readonly published: boolean
  /** True when `bytes` was made at an earlier delivery of this very record. */
  readonly redelivered: boolean
}

/** What a model that did not decide would have said of a payment. */
export type ModelOpinion = {
  /** `<id>/<version>` */
  readonly model: string
  /** Null where the model could not score. */
  readonly probability: number | null
  readonly outcome: Outcome
  /** Microseconds of the model call that this payment was in. */
  readonly scoreMicros: number
}
