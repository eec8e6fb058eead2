import { describe, expect, it } from 'vitest'
import type { Assessed, Decision } from '../../../src/domain/decision.ts'
import type { Proposed } from '../../../src/stream/answer.ts'
import { startLaps } from '../../../src/stream/laps.ts'
import type { JournalEntry, JournalReply } from '../../../src/domain/journal.ts'
import type { Source } from '../../../src/domain/received.ts'
import { createSettle } from '../../../src/stream/settle.ts'
import { anAssessed } from '../../support/payments.ts'

const laps = startLaps(
  0,
  () => 0,
  () => undefined,
)

const propose = (assessed: Assessed): Proposed => {
  const decision: Decision = {
    paymentId: assessed.payment.paymentId,
    attempt: assessed.payment.attempt,
    contentHash: assessed.contentHash,
    accountId: assessed.payment.accountId,
    outcome: assessed.outcome,
    probability: assessed.probability,
    riskLevel: assessed.riskLevel,
    reasons: assessed.reasons,
    stepUpMethod: null,
    notices: [],
    bundleHash: 'b',
    degraded: [],
    late: false,
    decidedAt: 0,
    validUntil: 0,
    feedbackMac: null,
    stageMicros: laps.micros(),
    model: assessed.model,
    logOdds: assessed.logOdds,
    explainedLogOdds: assessed.explainedLogOdds,
    protectionLevel: 'FULL',
    protectionReasons: [],
    exceptions: [],
    shed: [],
  }
  return { assessed, decision, bytes: Buffer.from(JSON.stringify(decision)) }
}

const decode = (bytes: Buffer): Decision => JSON.parse(bytes.toString()) as Decision

const settleWith = (
  answers: readonly (readonly JournalReply[])[],
  published: (source: Source) => Buffer | null = () => null,
) => {
  const asked: (readonly JournalEntry[])[] = []
  const settle = createSettle({
    journal: {
      first: async (entries) => {
        asked.push(entries)
        return answers[asked.length - 1] ?? []
      },
    },
    published,
    decode,
    assessReused: (assessed) => ({
      ...assessed,
      outcome: 'BLOCK',
      reasons: [{ code: 'PAYMENT_ID_REUSED', contribution: null }],
    }),
    answer: propose,
    observe: () => undefined,
  })
  return { settle, asked }
}

describe('settle', () => {
  it('lets the proposed answer stand when it is the first', async () => {
    const { settle } = settleWith([[{ kind: 'first' }]])
    const proposed = propose(anAssessed())
    const [decided] = await settle([proposed], laps)
    expect(decided).toMatchObject({ repeated: false, bytes: proposed.bytes })
  })

  it('publishes exactly the proposed bytes when the journal did not answer', async () => {
    const { settle } = settleWith([[{ kind: 'unknown' }]])
    const proposed = propose(anAssessed())
    const [decided] = await settle([proposed], laps)
    expect(decided?.bytes).toBe(proposed.bytes)
  })

  it('gives the earlier answer again, whatever would be decided now', async () => {
    const earlier = propose(anAssessed({ outcome: 'STEP_UP' }))
    const other = Buffer.concat([Buffer.from([0, 0, 9, 0, 0, 0, 0, 0]), earlier.bytes])
    const { settle } = settleWith([[{ kind: 'repeated', bytes: other }]])
    const [decided] = await settle([propose(anAssessed({ outcome: 'ALLOW' }))], laps)
    expect(decided).toMatchObject({ repeated: true, bytes: earlier.bytes, decision: { outcome: 'STEP_UP' } })
  })

  it('takes an earlier answer to the very same record for a delivery that was not finished', async () => {
    const { settle, asked } = settleWith([[{ kind: 'first' }]])
    await settle([propose(anAssessed({ outcome: 'STEP_UP' }))], laps)
    const journalled = asked[0]?.[0]?.bytes ?? Buffer.alloc(0)
    const again = settleWith([[{ kind: 'repeated', bytes: journalled }]])
    const [decided] = await again.settle([propose(anAssessed({ outcome: 'ALLOW' }))], laps)
    expect(decided).toMatchObject({ repeated: false, decision: { outcome: 'STEP_UP' } })
  })

  it('decides a reused id anew and journals it under its own content, beside the others', async () => {
    const { settle, asked } = settleWith([
      [{ kind: 'first' }, { kind: 'reused' }, { kind: 'first' }],
      [{ kind: 'first' }],
    ])
    const decided = await settle([anAssessed(), anAssessed(), anAssessed()].map(propose), laps)
    expect(decided.map((each) => each.decision.outcome)).toEqual(['ALLOW', 'BLOCK', 'ALLOW'])
    expect(asked[1]?.map((entry) => entry.paymentId)).toEqual(['pay-1 00000000000000aa'])
  })

  it('fails rather than lose a payment when the journal answers too few', async () => {
    const { settle } = settleWith([[{ kind: 'first' }]])
    await expect(settle([anAssessed(), anAssessed()].map(propose), laps)).rejects.toThrow('answered 1 of 2')
  })

  describe('an answer that stands in decisions', () => {
    const standing = propose(anAssessed({ outcome: 'STEP_UP' })).bytes

    it.each([
      { kind: 'first' },
      { kind: 'unknown' },
      { kind: 'reused' },
      { kind: 'repeated', bytes: Buffer.concat([Buffer.alloc(8), propose(anAssessed()).bytes]) },
    ] as const)('is the answer, also when the journal says $kind', async (reply) => {
      const { settle } = settleWith([[reply]], () => standing)
      const [decided] = await settle([propose(anAssessed({ outcome: 'ALLOW' }))], laps)
      expect(decided).toMatchObject({ bytes: standing, published: true, repeated: false })
      expect(decided?.decision.outcome).toBe('STEP_UP')
    })

    it.each([{ paymentId: 'pay-of-before' }, { attempt: 7 }])(
      'is none where its offset was that of another payment before the topic was made anew: %o',
      async (other) => {
        const { decision } = propose(anAssessed({ outcome: 'STEP_UP' }))
        const { settle } = settleWith([[{ kind: 'first' }]], () =>
          Buffer.from(JSON.stringify({ ...decision, ...other })),
        )
        const proposed = propose(anAssessed({ outcome: 'ALLOW' }))
        const [decided] = await settle([proposed], laps)
        expect(decided).toMatchObject({ bytes: proposed.bytes, published: false })
      },
    )

    it('is journalled again, for those who send the payment once more', async () => {
      const { settle, asked } = settleWith([[{ kind: 'first' }]], () => standing)
      await settle([propose(anAssessed({ outcome: 'ALLOW' }))], laps)
      expect(asked[0]?.[0]?.bytes.subarray(8)).toEqual(standing)
    })

    it('is journalled as that of a reused id where it is one', async () => {
      const reused = propose(
        anAssessed({ outcome: 'BLOCK', reasons: [{ code: 'PAYMENT_ID_REUSED', contribution: null }] }),
      )
      const { settle, asked } = settleWith([[{ kind: 'first' }]], () => reused.bytes)
      await settle([propose(anAssessed({ outcome: 'ALLOW' }))], laps)
      expect(asked[0]?.[0]?.paymentId).toBe(`${reused.decision.paymentId} ${reused.decision.contentHash}`)
    })
  })
})
