import type { Ranking } from './ranking.ts'

/**
 * Area under the ROC curve: the chance that a fraud scores above a good payment, ties counting half
 * (T. Fawcett, "An introduction to ROC analysis", 2006). NaN unless there is some of each.
 */
export const areaUnderRoc = ({ frauds, goods, fraudCount, goodCount }: Ranking): number => {
  let area = 0
  for (let at = 0; at < frauds.length; at++) {
    const width = goods[at]! - (goods[at - 1] ?? 0)
    area += (width * (frauds[at]! + (frauds[at - 1] ?? 0))) / 2
  }
  return area / (fraudCount * goodCount)
}

/**
 * Average precision: precision at each distinct score, weighted by the recall that it adds; no interpolation.
 * NaN without any fraud.
 */
export const averagePrecision = ({ frauds, goods, fraudCount }: Ranking): number => {
  let sum = 0
  for (let at = 0; at < frauds.length; at++) {
    const gained = frauds[at]! - (frauds[at - 1] ?? 0)
    sum += gained * (frauds[at]! / (frauds[at]! + goods[at]!))
  }
  return sum / fraudCount
}

/** What a threshold does: everything at or above `score` is stopped. */
export type OperatingPoint = {
  /** Infinity where nothing can be stopped within the limit. */
  readonly score: number
  readonly recall: number
  readonly falsePositiveRate: number
}

/** The lowest threshold that stops at most this share of the good payments. */
export const operatingPoint = (ranking: Ranking, mostFalsePositiveRate: number): OperatingPoint => {
  const { scores, frauds, goods, fraudCount, goodCount } = ranking
  let found: OperatingPoint = { score: Infinity, recall: fraudCount === 0 ? NaN : 0, falsePositiveRate: 0 }
  for (let at = 0; at < scores.length; at++) {
    const falsePositiveRate = goodCount === 0 ? 0 : goods[at]! / goodCount
    if (falsePositiveRate > mostFalsePositiveRate) break
    found = { score: scores[at]!, recall: frauds[at]! / fraudCount, falsePositiveRate }
  }
  return found
}

/** Share of the frauds that are found while at most this share of the good payments is stopped. */
export const recallAtFalsePositiveRate = (ranking: Ranking, mostFalsePositiveRate: number): number =>
  operatingPoint(ranking, mostFalsePositiveRate).recall
