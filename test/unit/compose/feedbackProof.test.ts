import { describe, expect, it } from 'vitest'
import { createFeedbackMac } from '../../../src/compose/feedbackMac.ts'
import {
  createProofProblem,
  signatureHeader,
  signFeedback,
  type FeedbackProofDeps,
} from '../../../src/compose/feedbackProof.ts'
import { parseSources } from '../../../src/compose/feedbackSources.ts'
import type { RiskFeedback } from '../../../src/domain/feedback.ts'
import type { Outcome } from '../../../src/domain/outcome.ts'
import { aFeedback } from '../../support/happenings.ts'

const [key, previous, sourceKey] = [1, 2, 3].map((byte) => Buffer.alloc(32, byte)) as [Buffer, Buffer, Buffer]
const value = Buffer.from('the record')

const withMac = (feedback: RiskFeedback, outcome: Outcome, of = key): RiskFeedback => ({
  ...feedback,
  feedbackMac: createFeedbackMac(of)(feedback, outcome),
})

const judge = (over: Partial<FeedbackProofDeps> = {}) => {
  const seen: string[] = []
  const problem = createProofProblem({
    trust: 'proven',
    keys: [key, previous],
    sources: new Map([['card-scheme', sourceKey]]),
    observe: (source, proof) => seen.push(`${source} ${proof}`),
    ...over,
  })
  return {
    seen,
    isBelieved: (feedback: RiskFeedback, signature?: string) =>
      problem(feedback, {
        value,
        headers: signature === undefined ? {} : { [signatureHeader]: signature },
      }) === null,
  }
}

describe('feedback is believed', () => {
  it.each(['ALLOW', 'STEP_UP', 'BLOCK'] as const)('with the proof of a decision that was %s', (outcome) => {
    const { isBelieved, seen } = judge()
    expect(isBelieved(withMac(aFeedback(), outcome))).toBe(true)
    expect(seen).toEqual(['other mac'])
  })

  it('with one of before the key was changed, and no longer once that is gone', () => {
    const old = withMac(aFeedback(), 'ALLOW', previous)
    expect(judge().isBelieved(old)).toBe(true)
    expect(judge({ keys: [key] }).isBelieved(old)).toBe(false)
  })

  it('when its source has signed the record', () => {
    const { isBelieved, seen } = judge()
    const feedback = aFeedback({ source: 'card-scheme' })
    expect(isBelieved(feedback, signFeedback(sourceKey, value))).toBe(true)
    expect(seen).toEqual(['card-scheme signature'])
  })

  it('always, where the configuration says so', () => {
    expect(judge({ trust: 'any' }).isBelieved(aFeedback())).toBe(true)
  })
})

describe('feedback is not believed', () => {
  it.each([
    ['no proof', aFeedback(), undefined],
    ['only the name of a trusted source', aFeedback({ source: 'card-scheme' }), undefined],
    [
      'the signature of another record',
      aFeedback({ source: 'card-scheme' }),
      signFeedback(sourceKey, Buffer.from('x')),
    ],
    ['a signature by another name', aFeedback(), signFeedback(sourceKey, value)],
    ['a proof by another key', withMac(aFeedback(), 'ALLOW', sourceKey), undefined],
    ['a shorter proof', aFeedback({ feedbackMac: '00' }), undefined],
  ])('with %s', (_, feedback, signature) => {
    const { isBelieved, seen } = judge()
    expect(isBelieved(feedback, signature)).toBe(false)
    expect(seen[0]).toMatch(/ none$/)
  })

  it.each(['paymentId', 'accountId', 'payeeId', 'merchantId', 'cardToken', 'deviceId'] as const)(
    'with the proof of a decision about another %s',
    (field) => {
      expect(judge().isBelieved({ ...withMac(aFeedback(), 'ALLOW'), [field]: 'of-a-rival' })).toBe(false)
    },
  )

  it('as a step-up that was passed, where none was asked', () => {
    for (const outcome of ['ALLOW', 'BLOCK'] as const)
      expect(judge().isBelieved(withMac(aFeedback({ kind: 'STEP_UP_PASSED' }), outcome))).toBe(false)
    expect(judge().isBelieved(withMac(aFeedback({ kind: 'STEP_UP_PASSED' }), 'STEP_UP'))).toBe(true)
  })
})

describe('the file of sources', () => {
  it('names each with its key', () => {
    const text = `# who\n\ncard-scheme ${sourceKey.toString('hex')}\n`
    expect(parseSources(text)).toEqual(new Map([['card-scheme', sourceKey]]))
  })

  it.each([
    'card-scheme',
    'card-scheme 1234',
    `other ${'00'.repeat(32)}`,
    `a ${'00'.repeat(32)}\na ${'11'.repeat(32)}`,
  ])('is refused with %s, and no key is repeated', (text) => {
    expect(() => parseSources(text)).toThrow(/^feedback sources, line [12]: expected (?!.*(00|11|1234))/)
  })
})
