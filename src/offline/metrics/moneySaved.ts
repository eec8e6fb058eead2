/** A scored payment with its amount in minor units of one currency. */
export type PricedPayment = { readonly score: number; readonly fraud: boolean; readonly amountMinor: number }

/** What stopping everything from a score on does, in minor units. */
export type MoneySaved = {
  readonly threshold: number
  /** Amounts of the frauds that are stopped, and of those that are not. */
  readonly savedMinor: number
  readonly missedMinor: number
  /** Amounts of good payments that are stopped: not lost, but delayed or gone to someone else. */
  readonly goodStoppedMinor: number
}

/** Sums are exact: amounts are integers. */
export const moneySaved = (payments: readonly PricedPayment[], threshold: number): MoneySaved => {
  const sums = { savedMinor: 0, missedMinor: 0, goodStoppedMinor: 0 }
  for (const { score, fraud, amountMinor } of payments) {
    if (score >= threshold) sums[fraud ? 'savedMinor' : 'goodStoppedMinor'] += amountMinor
    else if (fraud) sums.missedMinor += amountMinor
  }
  return { threshold, ...sums }
}
