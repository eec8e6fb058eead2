import type { Decided } from '../domain/decision.ts'
import type { Payment } from '../domain/payment.ts'
import type { Meeting } from '../features/recentPayers.ts'

/** @param at epoch ms */
export const meetingsOf = (
  { accountId, payeeId, deviceId }: Pick<Payment, 'accountId' | 'payeeId' | 'deviceId'>,
  at: number,
): readonly Meeting[] => [
  ...(payeeId === null ? [] : [{ of: 'payee', token: payeeId, accountId, at } as const]),
  ...(deviceId === null ? [] : [{ of: 'device', token: deviceId, accountId, at } as const]),
]

/** What an allowed payment says of who paid whom from where; a card payment is charged back, not recalled. */
export const meetingsOfDecided = ({ received, decision }: Decided): readonly Meeting[] => {
  if (decision.outcome !== 'ALLOW') return []
  const { accountId, payeeId, deviceId, method } = received.payment
  return meetingsOf(
    { accountId, payeeId: method === 'CARD' ? null : payeeId, deviceId },
    received.effectiveAt,
  )
}
