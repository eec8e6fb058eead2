/** One scored payment of an account (the "card" of the metric's name). */
export type ScoredPayment = {
  readonly accountId: string
  /** Epoch milliseconds. */
  readonly occurredAt: number
  readonly score: number
  readonly fraud: boolean
}

const dayMs = 86_400_000

type AccountDay = { score: number; fraud: boolean }

const byDay = (
  payments: readonly ScoredPayment[],
): readonly (readonly [number, Map<string, AccountDay>])[] => {
  const days = new Map<number, Map<string, AccountDay>>()
  for (const { accountId, occurredAt, score, fraud } of payments) {
    const day = Math.floor(occurredAt / dayMs)
    const accounts = days.get(day) ?? new Map<string, AccountDay>()
    days.set(day, accounts)
    const account = accounts.get(accountId)
    if (account === undefined) accounts.set(accountId, { score, fraud })
    else {
      account.score = Math.max(account.score, score)
      account.fraud ||= fraud
    }
  }
  return [...days].sort(([a], [b]) => a - b)
}

/**
 * Card precision at k: on each UTC day every account takes its highest score; of the k highest, the share
 * that had a fraud that day. An account that was found leaves the later days. Equal scores go by account id.
 * Definition: Fraud Detection Handbook, chapter on performance metrics.
 * @returns one precision a day, in the order of the days
 */
export const cardPrecisionByDay = (payments: readonly ScoredPayment[], k: number): readonly number[] => {
  const found = new Set<string>()
  return byDay(payments).map(([, accounts]) => {
    const hits = [...accounts]
      .filter(([accountId]) => !found.has(accountId))
      .sort(([idA, a], [idB, b]) => b.score - a.score || (idA < idB ? -1 : 1))
      .slice(0, k)
      .filter(([, account]) => account.fraud)
    for (const [accountId] of hits) found.add(accountId)
    return hits.length / k
  })
}

/** Mean over the days; NaN for no days. */
export const cardPrecision = (payments: readonly ScoredPayment[], k: number): number => {
  const days = cardPrecisionByDay(payments, k)
  return days.reduce((sum, precision) => sum + precision, 0) / days.length
}
