import type { OraclePayment } from './oracleEntries.ts'

const middleOf = (amounts: readonly number[]): number => {
  const sorted = amounts.toSorted((a, b) => a - b)
  const half = sorted.length / 2
  return Number.isInteger(half) ? (sorted[half - 1]! + sorted[half]!) / 2 : sorted[Math.floor(half)]!
}

/**
 * Those of the frauds that are at most three times the median of what else their account pays, among all that is seen;
 * null where one of those amounts has no rate.
 */
export const usualForPayer = (
  frauds: readonly OraclePayment[],
  all: readonly OraclePayment[],
): readonly OraclePayment[] | null => {
  const judged = frauds.map((fraud) => {
    const { account } = fraud.entities
    const others =
      account === null ? [] : all.filter((each) => each !== fraud && each.entities.account === account)
    const amounts = others.map(({ amount }) => amount)
    if (amounts.length === 0) return { fraud, usual: true }
    if ([fraud.amount, ...amounts].some((amount) => Number.isNaN(amount))) return { fraud, usual: null }
    return { fraud, usual: fraud.amount <= 3 * middleOf(amounts) }
  })
  if (judged.some(({ usual }) => usual === null)) return null
  return judged.flatMap(({ fraud, usual }) => (usual === true ? [fraud] : []))
}
