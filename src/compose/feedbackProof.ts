import { createHmac, timingSafeEqual } from 'node:crypto'
import type { FeedbackKind, RiskFeedback } from '../domain/feedback.ts'
import { outcomes, type Outcome } from '../domain/outcome.ts'
import type { Headers } from '../domain/received.ts'
import type { ProofProblem } from '../stream/codec/riskFeedback.ts'
import { createFeedbackMac } from './feedbackMac.ts'

/** What showed that feedback may be believed. `not_asked`: the configuration believes all of it. */
export const feedbackProofs = ['mac', 'signature', 'not_asked', 'none'] as const
export type FeedbackProof = (typeof feedbackProofs)[number]

/** A Kafka header: HMAC-SHA-256 of the record's value by the key of its source, hexadecimal. */
export const signatureHeader = 'feedback-signature'

/** Without a key of its own, whatever it calls itself. */
export const otherSource = 'other'

export type FeedbackProofDeps = {
  readonly trust: 'proven' | 'any'
  /** Of this instance's decisions, and of those before the key was changed. */
  readonly keys: readonly Buffer[]
  /** Sources that sign what they send, by the name that they give in the record. */
  readonly sources: ReadonlyMap<string, Buffer>
  /** @param source one of `sources`, or `otherSource` */
  readonly observe?: (source: string, proof: FeedbackProof) => void
}

const ofStepUps: ReadonlySet<FeedbackKind> = new Set([
  'STEP_UP_PASSED',
  'STEP_UP_FAILED',
  'STEP_UP_ABANDONED',
])

/** Nobody can pass what was not asked: the proof of a payment that was blocked does not make it a confirmed one. */
const outcomesFor = (kind: FeedbackKind): readonly Outcome[] => (ofStepUps.has(kind) ? ['STEP_UP'] : outcomes)

const isSame = (expected: string, given: string): boolean => {
  const [a, b] = [Buffer.from(expected), Buffer.from(given.toLowerCase())]
  return a.length === b.length && timingSafeEqual(a, b)
}

const headerOf = (headers: Headers): string | null => headers[signatureHeader]?.toString() ?? null

/**
 * Whether feedback may be believed: it carries the proof of the decision that it is about, or its source has signed the
 * record. What a record says of its own source proves nothing, and neither does who may write to the topic.
 * @returns what is wrong, null: nothing
 */
export const createProofProblem = ({ trust, keys, sources, observe }: FeedbackProofDeps): ProofProblem => {
  const macs = keys.map(createFeedbackMac)

  const isOfDecision = (feedback: RiskFeedback): boolean => {
    const given = feedback.feedbackMac
    return (
      given !== null &&
      macs.some((mac) => outcomesFor(feedback.kind).some((outcome) => isSame(mac(feedback, outcome), given)))
    )
  }

  const isSigned = (source: string, headers: Headers, value: Buffer | null): boolean => {
    const [key, given] = [sources.get(source), headerOf(headers)]
    if (key === undefined || given === null || value === null) return false
    return isSame(createHmac('sha256', key).update(value).digest('hex'), given)
  }

  const proofOf = (feedback: RiskFeedback, headers: Headers, value: Buffer | null): FeedbackProof => {
    if (isOfDecision(feedback)) return 'mac'
    if (isSigned(feedback.source, headers, value)) return 'signature'
    return trust === 'any' ? 'not_asked' : 'none'
  }

  return (feedback, { headers, value }) => {
    const proof = proofOf(feedback, headers, value)
    observe?.(sources.has(feedback.source) ? feedback.source : otherSource, proof)
    if (proof !== 'none') return null
    const [mac, signature] = [feedback.feedbackMac, headerOf(headers)]
    return `expected the feedbackMac of the decision that this is about or a signature of its source, found ${
      mac === null ? 'no feedbackMac' : 'another feedbackMac'
    } and ${signature === null ? 'no signature' : 'a signature that is not of a known source'}`
  }
}

/** What a source sends in the header `feedback-signature` with a record. */
export const signFeedback = (key: Buffer, value: Buffer): string =>
  createHmac('sha256', key).update(value).digest('hex')
