import {
  indicatorId,
  indicatorOf,
  relationshipId,
  relationshipOf,
  sightingId,
  sightingOf,
  validMs,
  type Sharer,
} from './builders.ts'
import type { Identifier, Label } from './label.ts'
import type { Shared } from './shared.ts'
import { epochMs, laterVersion, revokedVersion, stixTime, type StixObject } from './stixObject.ts'

const dayMs = 86_400_000

/** The id of the object of the first round that was not taken back, be it published or not. */
const currentId = (shared: Shared, idOf: (round: number) => string): string => {
  for (let round = 0; ; round++) {
    const id = idOf(round)
    if (shared.object(id)?.revoked !== true) return id
  }
}

/** The indicator that speaks, or would speak, of this identifier. */
export const currentIndicator = (shared: Shared, sharer: Sharer, identifier: Identifier): string =>
  currentId(shared, (round) => indicatorId(sharer, identifier, round))

/** Whether the payment was called genuine later than this label says it is fraud: it is an old one that came again. */
const isTakenBack = (shared: Shared, { paymentRef, knownAt }: Label): boolean =>
  [...shared.sightingsOf(paymentRef)].some((id) => {
    const sighting = shared.object(id)
    return sighting?.revoked === true && epochMs(sighting.modified) >= knownAt
  })

const confidenceOf = (object: StixObject | undefined): number => Number(object?.['confidence'])

const surer = (object: StixObject, { confidence }: Label): { readonly confidence?: number } =>
  confidence > confidenceOf(object) ? { confidence } : {}

const changed = (
  object: StixObject,
  changes: Readonly<Record<string, unknown>>,
  at: number,
): readonly StixObject[] => (Object.keys(changes).length === 0 ? [] : [laterVersion(object, changes, at)])

/** Speaks of the identifier for longer, at most once a day, and as surely as the surest that is known of it. */
const confirmed = (indicator: StixObject, label: Label): readonly StixObject[] => {
  const until = label.knownAt + validMs
  const isLonger = until >= epochMs(String(indicator['valid_until'])) + dayMs
  const changes = { ...(isLonger ? { valid_until: stixTime(until) } : {}), ...surer(indicator, label) }
  return changed(indicator, changes, label.knownAt)
}

const sighted = (
  shared: Shared,
  sharer: Sharer,
  label: Label,
  identifier: Identifier,
): readonly StixObject[] => {
  const indicator = currentIndicator(shared, sharer, identifier)
  const sighting = currentId(shared, (round) => sightingId(indicator, label.paymentRef, round))
  const seen = shared.object(sighting)
  const known = shared.object(indicator)
  // A payment that was disputed, and is confirmed now.
  if (seen !== undefined) {
    const changes = surer(seen, label)
    if (known === undefined || changes.confidence === undefined) return []
    return [...confirmed(known, label), ...changed(seen, changes, label.knownAt)]
  }
  return [
    ...(known === undefined
      ? [indicatorOf(sharer, identifier, label, indicator), relationshipOf(sharer, indicator, label)]
      : confirmed(known, label)),
    sightingOf(sharer, indicator, label, sighting),
  ]
}

/** The indicator as sure as the surest of the sightings that are left. */
const lessSure = (
  shared: Shared,
  indicatorId: string,
  left: readonly string[],
  at: number,
): readonly StixObject[] => {
  const indicator = shared.object(indicatorId)
  if (indicator === undefined) return []
  const confidence = left.reduce((most, id) => Math.max(most, confidenceOf(shared.object(id))), 0)
  return changed(indicator, confidence < confidenceOf(indicator) ? { confidence } : {}, at)
}

const takenBack = (shared: Shared, { paymentRef, knownAt }: Label): readonly StixObject[] =>
  [...shared.sightingsOf(paymentRef)].flatMap((id) => {
    const sighting = shared.object(id)
    if (sighting === undefined || sighting.revoked === true || epochMs(sighting.created) > knownAt) return []
    const indicator = String(sighting['sighting_of_ref'])
    const others = [...shared.liveSightings(indicator)].filter((other) => other !== id)
    if (others.length > 0)
      return [revokedVersion(sighting, knownAt), ...lessSure(shared, indicator, others, knownAt)]
    const hanging = [shared.object(indicator), shared.object(relationshipId(indicator))]
    return [sighting, ...hanging.filter((each) => each !== undefined)].map((each) =>
      revokedVersion(each, knownAt),
    )
  })

/**
 * The objects that a label makes, changes or takes back, in the order in which they refer to each other; they are in
 * `shared` then. Told again, it makes nothing; told to another instance, the same bytes.
 */
export const publish = (shared: Shared, sharer: Sharer, label: Label): readonly StixObject[] => {
  const made: StixObject[] = []
  const keep = (objects: readonly StixObject[]): void => {
    for (const object of objects) shared.add(object)
    made.push(...objects)
  }
  if (label.verdict === 'genuine') keep(takenBack(shared, label))
  else if (!isTakenBack(shared, label))
    for (const identifier of label.identifiers) keep(sighted(shared, sharer, label, identifier))
  return made
}
