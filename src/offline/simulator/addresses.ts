import { cities, type City } from './places.ts'
import type { Rng } from './rng.ts'

/**
 * IPv4 addresses from ranges that are nobody's on the internet: homes in 10/8 (RFC 1918), mobile carriers in
 * 100.64/10 (RFC 6598), hotels, cafes and proxies in 198.18/15 (RFC 2544).
 */
const dotted = (first: number, second: number, rest: number): string =>
  `${first}.${second + ((rest >>> 16) & 0x3f)}.${(rest >>> 8) & 0xff}.${rest & 0xff}`

export const homeAddress = (household: number): string =>
  `10.${(household >>> 16) & 0xff}.${(household >>> 8) & 0xff}.${household & 0xff}`

/** Carriers put many subscribers behind one address, and give them another one each time. */
export const mobileAddress = (rng: Rng, city: City, accounts: number): string => {
  const perCity = 4 + Math.floor(accounts / 400)
  return dotted(100, 64, (cities.indexOf(city) % 64) * 4096 + rng.below(Math.min(perCity, 4096)))
}

/** Hotels, cafes and trains; crews' proxies look no different. */
export const publicAddress = (rng: Rng, city: City, accounts: number): string => {
  const perCity = 20 + Math.floor(accounts / 100)
  const place = cities.indexOf(city) * 4096 + rng.below(Math.min(perCity, 4096))
  return `198.${18 + ((place >>> 16) & 1)}.${(place >>> 8) & 0xff}.${place & 0xff}`
}
