import { newestAt, placesAt, positionsAt, timesAt } from './columns.ts'
import { packDegrees, unknownDegrees } from './packing.ts'
import type { HistoryView, Recalled } from './recalled.ts'

/** A coarse place, hundredths of a degree, and when a payment was made there. */
export type Visit = {
  readonly latitude: number
  readonly longitude: number
  readonly at: number
}

/** Mean radius of the earth (IUGG). */
const earthRadiusKm = 6371.0088

const radians = (hundredths: number): number => (hundredths / 100) * (Math.PI / 180)

/** Great-circle distance (haversine). */
export const distanceKm = (from: Visit, to: Visit): number => {
  const latitudes = Math.sin((radians(to.latitude) - radians(from.latitude)) / 2) ** 2
  const longitudes = Math.sin((radians(to.longitude) - radians(from.longitude)) / 2) ** 2
  const share = latitudes + Math.cos(radians(from.latitude)) * Math.cos(radians(to.latitude)) * longitudes
  return 2 * earthRadiusKm * Math.asin(Math.sqrt(Math.min(1, share)))
}

/** The payment's own place, as coarse as those in the histories, so that the same spot is no distance away. */
export const ownVisit = ({ received }: Recalled): Visit | null => {
  const { latitude, longitude } = received.payment
  if (latitude === null || longitude === null) return null
  return { latitude: packDegrees(latitude), longitude: packDegrees(longitude), at: received.effectiveAt }
}

/** The latest earlier payment with a place, in (t - retention, t]; of equal times the later in the log. */
export const previousVisit = (
  { history, before }: HistoryView,
  effectiveAt: number,
  retentionMs: number,
): Visit | null => {
  const { doubles, words, capacity } = history
  const [times, newest, positions] = [timesAt(capacity), newestAt(capacity), positionsAt(capacity)]
  const places = placesAt(capacity)
  let latest = effectiveAt - retentionMs
  let found: Visit | null = null
  for (let i = history.payments - 1; i >= 0 && (doubles[newest + i] ?? 0) > latest; i--) {
    const at = doubles[times + i] ?? 0
    if ((words[positions + i] ?? 0) >= before || at > effectiveAt || at <= latest) continue
    const place = words[places + i] ?? 0
    const latitude = (place << 16) >> 16
    const longitude = place >> 16
    if (latitude === unknownDegrees || longitude === unknownDegrees) continue
    found = { latitude, longitude, at }
    latest = at
  }
  return found
}
