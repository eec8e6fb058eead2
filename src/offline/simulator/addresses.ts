import { cities, type City } from './places.ts'
import type { Rng } from './rng.ts'

/**
 * IPv4 addresses from ranges that are nobody's on the internet: homes in 10/8 (RFC 1918), mobile carriers in
 * 100.64/10 (RFC 6598), hotels, cafes and proxies in 198.18/15 (RFC 2544).
 */
const dotted = (first: number, second: number, rest: number): string =>
  `${first}.${second + ((rest >>> 16) & 0x3f)}.${(rest >>> 8) & 0xff}.${rest & 0xff}`

/** A household's address; `lease` counts the addresses that its provider has given it so far. */
export const homeAddress = (household: number, lease: number): string => {
  const number = (household + Math.imul(lease, 65_537)) & 0xff_ffff
  return `10.${number >>> 16}.${(number >>> 8) & 0xff}.${number & 0xff}`
}

/** Carriers put many subscribers behind one address, and give them another one each time. */
export const mobileAddress = (rng: Rng, city: City, accounts: number): string => {
  const perCity = 60 + Math.floor(accounts / 20)
  return dotted(100, 64, (cities.indexOf(city) % 64) * 4096 + rng.below(Math.min(perCity, 4096)))
}

/** Hotels, cafes and trains; crews' proxies look no different. */
export const publicAddress = (rng: Rng, city: City, accounts: number): string => {
  const perCity = 20 + Math.floor(accounts / 100)
  const place = cities.indexOf(city) * 4096 + rng.below(Math.min(perCity, 4096))
  return `198.${18 + ((place >>> 16) & 1)}.${(place >>> 8) & 0xff}.${place & 0xff}`
}
