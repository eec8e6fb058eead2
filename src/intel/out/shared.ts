import { extensionId } from './extension.ts'
import type { StixObject } from './stixObject.ts'

/** The latest version of each object that was published, and what hangs on what. */
export type Shared = {
  readonly object: (id: string) => StixObject | undefined
  /** Ids of the sightings of an indicator that were not taken back. */
  readonly liveSightings: (indicator: string) => ReadonlySet<string>
  /** Ids of all sightings that come from a payment. */
  readonly sightingsOf: (paymentRef: string) => ReadonlySet<string>
  readonly add: (object: StixObject) => void
}

const none: ReadonlySet<string> = new Set()

const textAt = (object: StixObject, ...path: readonly string[]): string | null => {
  let value: unknown = object
  for (const name of path)
    value = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
  return typeof value === 'string' ? value : null
}

const addTo = (sets: Map<string, Set<string>>, key: string, id: string): void => {
  const set = sets.get(key)
  if (set === undefined) sets.set(key, new Set([id]))
  else set.add(id)
}

export const createShared = (): Shared => {
  const objects = new Map<string, StixObject>()
  const live = new Map<string, Set<string>>()
  const byPayment = new Map<string, Set<string>>()

  const addSighting = (sighting: StixObject): void => {
    const indicator = textAt(sighting, 'sighting_of_ref') ?? ''
    const paymentRef = textAt(sighting, 'extensions', extensionId, 'payment_ref') ?? ''
    addTo(byPayment, paymentRef, sighting.id)
    if (sighting.revoked === true) live.get(indicator)?.delete(sighting.id)
    else addTo(live, indicator, sighting.id)
  }

  return {
    object: (id) => objects.get(id),
    liveSightings: (indicator) => live.get(indicator) ?? none,
    sightingsOf: (paymentRef) => byPayment.get(paymentRef) ?? none,
    add: (object) => {
      objects.set(object.id, object)
      if (object.type === 'sighting') addSighting(object)
    },
  }
}
