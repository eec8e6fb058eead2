import type { Rng } from './rng.ts'
import { weightedIndex } from './rng.ts'

/** A city where accounts live, shops stand and travellers go. `weight` is inhabitants in millions, roughly. */
export type City = {
  readonly name: string
  /** ISO 3166-1 alpha-2. */
  readonly country: string
  readonly latitude: number
  readonly longitude: number
  readonly weight: number
  /** Standard time; the simulated world has no summer time. */
  readonly utcOffsetHours: number
  readonly currency: string
  /** Units of `currency` for one EUR: a fixed rate of the simulated world, not a quotation. */
  readonly perEur: number
}

const city = (
  name: string,
  country: string,
  latitude: number,
  longitude: number,
  weight: number,
  utcOffsetHours: number,
  currency = 'EUR',
  perEur = 1,
): City => ({ name, country, latitude, longitude, weight, utcOffsetHours, currency, perEur })

export const homeCities: readonly City[] = [
  city('Berlin', 'DE', 52.52, 13.4, 3.7, 1),
  city('Hamburg', 'DE', 53.55, 9.99, 1.9, 1),
  city('Munich', 'DE', 48.14, 11.58, 1.5, 1),
  city('Cologne', 'DE', 50.94, 6.96, 1.1, 1),
  city('Paris', 'FR', 48.86, 2.35, 5, 1),
  city('Lyon', 'FR', 45.76, 4.84, 1.4, 1),
  city('Marseille', 'FR', 43.3, 5.37, 1.2, 1),
  city('Madrid', 'ES', 40.42, -3.7, 3.3, 1),
  city('Barcelona', 'ES', 41.39, 2.17, 1.6, 1),
  city('Valencia', 'ES', 39.47, -0.38, 0.8, 1),
  city('Rome', 'IT', 41.9, 12.5, 2.8, 1),
  city('Milan', 'IT', 45.46, 9.19, 1.4, 1),
  city('Naples', 'IT', 40.85, 14.27, 0.9, 1),
  city('Amsterdam', 'NL', 52.37, 4.9, 1.2, 1),
  city('Brussels', 'BE', 50.85, 4.35, 1.2, 1),
  city('Vienna', 'AT', 48.21, 16.37, 1.9, 1),
  city('Dublin', 'IE', 53.35, -6.26, 1.2, 0),
  city('Lisbon', 'PT', 38.72, -9.14, 1.1, 0),
  city('Helsinki', 'FI', 60.17, 24.94, 1.2, 2),
  city('Athens', 'GR', 37.98, 23.73, 1.6, 2),
]

export const foreignCities: readonly City[] = [
  city('London', 'GB', 51.51, -0.13, 4, 0, 'GBP', 0.85),
  city('Zurich', 'CH', 47.37, 8.54, 1.4, 1, 'CHF', 0.95),
  city('Prague', 'CZ', 50.08, 14.44, 1.3, 1, 'CZK', 25),
  city('Warsaw', 'PL', 52.23, 21.01, 1.3, 1, 'PLN', 4.3),
  city('Stockholm', 'SE', 59.33, 18.07, 1, 1, 'SEK', 11.3),
  city('Istanbul', 'TR', 41.01, 28.98, 2, 3, 'TRY', 35),
  city('New York', 'US', 40.71, -74.01, 2, -5, 'USD', 1.08),
  city('Bangkok', 'TH', 13.76, 100.5, 1, 7, 'THB', 38),
]

export const cities: readonly City[] = [...homeCities, ...foreignCities]

const homeIndex = weightedIndex(homeCities.map((home) => home.weight))
const cityIndex = weightedIndex(cities.map((any) => any.weight))

const at = (list: readonly City[], index: number): City => {
  const found = list[index]
  if (found === undefined) throw new RangeError(`no city ${index}`)
  return found
}

export const pickHomeCity = (rng: Rng): City => at(homeCities, homeIndex(rng))
export const pickCity = (rng: Rng): City => at(cities, cityIndex(rng))

export type Point = { readonly latitude: number; readonly longitude: number }

const rounded = (degrees: number): number => Math.round(degrees * 10_000) / 10_000

/** Somewhere around a point: normal with the given deviation, good enough below a few hundred kilometres. */
export const near = (rng: Rng, centre: Point, deviationKm: number): Point => {
  const degrees = deviationKm / 111
  const latitude = centre.latitude + rng.normal() * degrees
  const longitude = centre.longitude + (rng.normal() * degrees) / Math.cos((centre.latitude * Math.PI) / 180)
  return { latitude: rounded(latitude), longitude: rounded(longitude) }
}
