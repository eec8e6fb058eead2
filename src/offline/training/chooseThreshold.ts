import type { Ranking } from '../metrics/ranking.ts'
import type { ThresholdRule } from './thresholdRules.ts'

/** What happens where everything at or above `score` is stopped. */
export type ChosenThreshold = {
  /** Infinity where the rule lets nothing be stopped. */
  readonly score: number
  readonly recall: number
  readonly goodStoppedShare: number
  /** Payments that are stopped, of all. */
  readonly stoppedShare: number
}

/** The last place in the ranking up to which `fits` holds; -1 for nothing. `fits` once false stays false. */
const lastThat = (ranking: Ranking, fits: (goods: number, frauds: number) => boolean): number => {
  let last = -1
  while (last + 1 < ranking.scores.length && fits(ranking.goods[last + 1]!, ranking.frauds[last + 1]!)) last++
  return last
}

type Cost = Extract<ThresholdRule, { readonly cost: unknown }>['cost']

const cheapest = ({ scores, goods, frauds, fraudCount }: Ranking, cost: Cost): number => {
  const costAt = (at: number): number => {
    const [good, fraud] = at < 0 ? [0, 0] : [goods[at]!, frauds[at]!]
    return cost.review * (good + fraud) + cost.goodStopped * good + cost.fraudMissed * (fraudCount - fraud)
  }
  let best = -1
  for (let at = 0; at < scores.length; at++) if (costAt(at) < costAt(best)) best = at
  return best
}

const placeOf = (ranking: Ranking, rule: ThresholdRule, days: number): number => {
  const all = ranking.goodCount + ranking.fraudCount
  if ('cost' in rule) return cheapest(ranking, rule.cost)
  if ('goodStoppedShare' in rule)
    return lastThat(ranking, (goods) => goods <= rule.goodStoppedShare * ranking.goodCount)
  const most = 'stoppedShare' in rule ? rule.stoppedShare * all : rule.reviewsPerDay * days
  return lastThat(ranking, (goods, frauds) => goods + frauds <= most)
}

/** @param days how long the ranked payments took, for rules that count by the day */
export const chooseThreshold = (ranking: Ranking, rule: ThresholdRule, days: number): ChosenThreshold => {
  const at = placeOf(ranking, rule, days)
  const [goods, frauds] = at < 0 ? [0, 0] : [ranking.goods[at]!, ranking.frauds[at]!]
  return {
    score: at < 0 ? Infinity : ranking.scores[at]!,
    recall: frauds / ranking.fraudCount,
    goodStoppedShare: goods / ranking.goodCount,
    stoppedShare: (goods + frauds) / (ranking.goodCount + ranking.fraudCount),
  }
}
