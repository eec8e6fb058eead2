import type { ScoredPayment } from './cardPrecision.ts'

/** A label as it became known. */
export type KnownLabel = {
  readonly accountId: string
  readonly occurredAt: number
  readonly fraud: boolean
  /** Null where nobody ever reported anything. */
  readonly knownAt: number | null
}

const dayMs = 86_400_000

/**
 * Leaves out payments of accounts whose earlier fraud was known before the payment's UTC day began:
 * finding them again is no achievement.
 * @param since frauds that happened before it do not count, epoch milliseconds
 */
export const withoutKnownFraud = <T extends ScoredPayment>(
  payments: readonly T[],
  labels: Iterable<KnownLabel>,
  since: number,
): readonly T[] => {
  const knownAt = new Map<string, number>()
  for (const label of labels) {
    if (!label.fraud || label.knownAt === null || label.occurredAt < since) continue
    knownAt.set(label.accountId, Math.min(label.knownAt, knownAt.get(label.accountId) ?? Infinity))
  }
  return payments.filter(({ accountId, occurredAt }) => {
    const dayStart = Math.floor(occurredAt / dayMs) * dayMs
    return (knownAt.get(accountId) ?? Infinity) >= dayStart
  })
}
