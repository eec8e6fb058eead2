import { entityTypes } from '../domain/entity.ts'
import { historyBits } from './degraded.ts'
import { distanceKm, ownVisit, previousVisit, type Visit } from './place.ts'
import type { Placed, Step } from './step.ts'

/** A number from the account's previous place and the payment's own. */
type TravelFeature = {
  readonly name: string
  readonly sentence: string
  readonly read: (from: Visit, to: Visit) => number
}

const hourMs = 3_600_000
/** Places are known to about a kilometre: a shorter time than this makes no speed. */
const shortestTravelMs = 60_000

export const travelFeatures: readonly TravelFeature[] = [
  {
    name: 'payment.distance_km',
    sentence: "Kilometres from the place of the account's previous payment.",
    read: distanceKm,
  },
  {
    name: 'payment.speed_kmh',
    sentence:
      "Distance from the place of the account's previous payment by the time since, of at least a minute.",
    read: (from, to) => distanceKm(from, to) / (Math.max(to.at - from.at, shortestTravelMs) / hourMs),
  },
]

const accountSlot = entityTypes.indexOf('account')
const accountBit = historyBits[accountSlot] ?? 0

/** null where none is asked for. The latest earlier payment with a place counts, whatever became of it. */
export const travelStep = (features: readonly Placed<TravelFeature>[], retentionMs: number): Step | null => {
  if (features.length === 0) return null
  return (recalled, row) => {
    for (const { index } of features) row[index] = NaN
    const here = ownVisit(recalled)
    const view = recalled.views[accountSlot] ?? null
    if (here === null || view === null) return 0
    if (view === 'unknown') return accountBit
    const from = previousVisit(view, here.at, retentionMs)
    const coveredSince = recalled.coveredSince[accountSlot] ?? Infinity
    if ((from?.at ?? here.at - retentionMs) < coveredSince) return accountBit
    if (from !== null) for (const { index, spec } of features) row[index] = spec.read(from, here)
    return 0
  }
}
