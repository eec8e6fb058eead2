import { describe, expect, it } from 'vitest'
import { meetingsOfDecided } from '../../../src/compose/meetingsOf.ts'
import { createFeedbackNotices } from '../../../src/compose/noticesOfFeedback.ts'
import type { Decided } from '../../../src/domain/decision.ts'
import type { NoticeDraft } from '../../../src/domain/notice.ts'
import type { Payment } from '../../../src/domain/payment.ts'
import type { Outcome } from '../../../src/domain/outcome.ts'
import { createMemoryRecentAccounts } from '../../../src/features/recentPayers.memory.ts'
import type { RecentAccounts } from '../../../src/features/recentPayers.ts'
import { aFeedback, anAccountEvent, occurred, told } from '../../support/happenings.ts'
import { aReceived } from '../../support/payments.ts'
import { aDecision } from '../../support/simulated.ts'

const at = Date.UTC(2026, 0, 15)

const open = (over: Partial<RecentAccounts> = {}) => {
  const drafts: NoticeDraft[] = []
  let flushed = 0
  const recentAccounts = { ...createMemoryRecentAccounts({ keptMs: 86_400_000 }, () => at), ...over }
  const take = createFeedbackNotices({
    recentAccounts,
    flush: () => {
      flushed++
      return Promise.resolve()
    },
    tellOnce: (some) => {
      drafts.push(...some)
      return Promise.resolve()
    },
  })
  return { take, drafts, recentAccounts, flushes: () => flushed }
}
const paid = (accountId: string, payeeId = 'mule') =>
  ({ of: 'payee', token: payeeId, accountId, at }) as const

describe('feedback', () => {
  const confirmed = told(aFeedback({ feedbackId: 'f', payeeId: 'mule', kind: 'FRAUD_CONFIRMED' }), at)

  it('that confirms a fraud tells those who paid the payee lately, and its bank', async () => {
    const { take, drafts, recentAccounts, flushes } = open()
    await recentAccounts.add([paid('a'), paid('b'), paid('c', 'honest')])
    await take([confirmed])
    expect(flushes()).toBe(1)
    expect(drafts).toMatchObject([
      {
        code: 'RECALL_PAYMENT',
        recipient: 'a',
        audience: 'PAYER',
        payeeId: 'mule',
        cause: 'f',
        createdAt: at,
      },
      { code: 'RECALL_PAYMENT', recipient: 'b' },
      { code: 'HOLD_FUNDS', recipient: 'mule', audience: 'PAYEE_BANK', accountId: '' },
    ])
  })

  it.each(['FALSE_POSITIVE', 'CHARGEBACK', 'REVERSED', 'DECLINED', 'STEP_UP_FAILED'] as const)(
    '%s tells nobody, and says of nobody that he paid',
    async (kind) => {
      const { take, drafts, recentAccounts } = open()
      await recentAccounts.add([paid('a')])
      await take([told(aFeedback({ kind, accountId: 'b', payeeId: 'mule' })), occurred(anAccountEvent())])
      expect(drafts).toEqual([])
      expect(await recentAccounts.read('payee', 'mule')).toEqual(['a'])
    },
  )

  it.each(['STEP_UP_PASSED', 'STAND_IN'] as const)('%s says who paid after all', async (kind) => {
    const { take, drafts } = open()
    await take([told(aFeedback({ kind, accountId: 'late', payeeId: 'mule', occurredAt: at })), confirmed])
    expect(drafts.map(({ recipient }) => recipient)).toEqual(['late', 'mule'])
  })

  it('of a fraud without a payee, as with a card, tells nobody', async () => {
    const { take, drafts } = open()
    await take([told(aFeedback({ payeeId: null }))])
    expect(drafts).toEqual([])
  })

  it('that Redis did not take comes again', async () => {
    const { take } = open({ add: (meetings) => Promise.resolve(meetings) })
    await expect(take([told(aFeedback({ kind: 'STEP_UP_PASSED' }))])).rejects.toMatchObject({
      code: 'REDIS_UNAVAILABLE',
      retriable: true,
    })
  })
})

describe('who paid whom', () => {
  const meetings = (outcome: Outcome, over: Partial<Payment> = {}) =>
    meetingsOfDecided({
      received: aReceived({ accountId: 'acc', payeeId: 'payee', deviceId: 'dev', ...over }),
      decision: aDecision({ outcome }),
      bytes: Buffer.alloc(0),
      repeated: false,
      published: false,
      redelivered: false,
    } satisfies Decided)

  it('is known of allowed payments', () => {
    const { occurredAt } = aReceived().payment
    expect(meetings('ALLOW')).toEqual([
      { of: 'payee', token: 'payee', accountId: 'acc', at: occurredAt },
      { of: 'device', token: 'dev', accountId: 'acc', at: occurredAt },
    ])
    expect(meetings('STEP_UP')).toEqual([])
    expect(meetings('BLOCK')).toEqual([])
    expect(meetings('ALLOW', { payeeId: null, deviceId: null })).toEqual([])
  })

  it('a card payment is charged back, not recalled', () => {
    expect(meetings('ALLOW', { method: 'CARD' })).toMatchObject([{ of: 'device' }])
  })
})
