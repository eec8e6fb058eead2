/** Velocity of all six kinds of entities: counts, amounts, different partners, a pair and labels. */
export const twelveFeatures: readonly string[] = [
  'account.count.1h',
  'account.sum.24h',
  'account_payee.is_new',
  'card.count.10m',
  'card.sum.24h',
  'card.distinct_merchant.24h',
  'device.distinct_account.7d',
  'ip.count.1h',
  'ip.distinct_card.24h',
  'payee.distinct_account.7d',
  'merchant.count.1h',
  'merchant.fraud_rate.23d@7d',
]
