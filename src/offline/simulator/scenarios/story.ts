import { mobileAddress, publicAddress } from '../addresses.ts'
import { afflict, newComputer, newPhone } from '../devices.ts'
import type { Person } from '../people.ts'
import { near, pickCity } from '../places.ts'
import type { Rng } from '../rng.ts'
import { note, report } from '../acts.ts'
import type { Scene } from '../scene.ts'
import type { ScenarioName, Truth } from '../simEvent.ts'
import { homeIpOf, type Line } from '../spending.ts'
import { dayMs, hourMs, minuteMs } from '../time.ts'
import type { Crew } from '../underworld.ts'

/** One way of fraud. A story is one crime: it may take several payments, accounts and days. */
export type Scenario = {
  readonly name: ScenarioName
  /** Of all fraudulent payments. The shares of all scenarios add up to 1. */
  readonly share: number
  /** Mean number of fraudulent payments that one story makes; holds the share in place. */
  readonly paymentsPerStory: number
  /** Notes all that the story starting at `at` brings about. A world too small for it gets none. */
  readonly play: (scene: Scene, at: number) => void
}

/** Half of the victims of a theft from the account notice within a day and a half, some only after weeks. */
const noticedAfter = (rng: Rng, medianMs: number): number =>
  Math.round(Math.min(40 * dayMs, Math.max(hourMs, rng.logNormal(medianMs, 1))))

/** @param lastAt the story's last payment */
export const stolenMoney = (scene: Scene, scenario: ScenarioName, lastAt: number): Truth => ({
  fraud: true,
  scenario,
  knownAt: Math.round(lastAt) + noticedAfter(scene.rng, 1.5 * dayMs),
})

/** A misused card is found on its statement. The bank then sends another one. */
export const stolenCard = (scene: Scene, scenario: ScenarioName, victim: Person, lastAt: number): Truth => {
  const knownAt = Math.round(lastAt) + noticedAfter(scene.rng, 4 * dayMs)
  victim.cardRenewalAt = Math.min(victim.cardRenewalAt, knownAt)
  return { fraud: true, scenario, knownAt }
}

/** Somebody whom this can happen to; null when the world has nobody like that. */
export const victimWho = (scene: Scene, suits: (person: Person) => boolean): Person | null => {
  for (let tries = 0; tries < 200; tries += 1) {
    const person = scene.rng.pick(scene.people)
    if (suits(person)) return person
  }
  return null
}

/** Where the stolen money goes: often to a mule that others pay too, who may be anybody's neighbour. */
export const muleAt = (scene: Scene, at: number): string => {
  const { rng, underworld, names } = scene
  underworld.mules = underworld.mules.filter((mule) => mule.untilAt > at)
  if (underworld.mules.length > 0 && rng.chance(0.55)) return rng.pick(underworld.mules).payeeId
  const recruited = rng.chance(0.45)
  const payeeId = recruited ? names.personPayee(rng.pick(scene.people).index) : names.next('payee')
  underworld.mules = [...underworld.mules, { payeeId, untilAt: at + rng.between(1, 8) * dayMs }]
  return payeeId
}

/** The attacker's device and proxy: often one that has been used before. */
export const crewAt = (scene: Scene, at: number): Crew => {
  const { rng, underworld, names, world } = scene
  underworld.crews = underworld.crews.filter((crew) => crew.untilAt > at)
  if (underworld.crews.length > 0 && rng.chance(0.4)) return rng.pick(underworld.crews)
  const deviceId = names.next('device')
  const crew = {
    device: rng.chance(0.6) ? newPhone(rng, deviceId, at) : newComputer(rng, deviceId, at),
    ipAddress: publicAddress(rng, pickCity(rng), world.options.accounts),
    untilAt: at + rng.between(0.5, 10) * dayMs,
  }
  underworld.crews = [...underworld.crews, crew]
  return crew
}

/** Proxies in ordinary homes and on mobile networks are for rent. */
const neighbourIp = (scene: Scene, victim: Person): string => {
  const { rng, world, people } = scene
  const { accounts } = world.options
  const kind = rng.next()
  if (kind < 0.35) return publicAddress(rng, victim.city, accounts)
  if (kind < 0.7) return mobileAddress(rng, victim.city, accounts)
  return homeIpOf(rng.pick(people), scene.calendar.dayAt())
}

/** The attacker's line. A careful one comes from the victim's own city and tells no place. */
export const crewLine = (scene: Scene, crew: Crew, victim: Person): Line => {
  const { rng } = scene
  // Credentials taken together with the session: to the bank it is the victim's own device.
  if (rng.chance(0.25)) {
    const device = victim.phone ?? victim.computer
    const own = device === null ? null : { ...device, reports: false }
    return {
      device: own,
      ipAddress: neighbourIp(scene, victim),
      place: { country: victim.city.country, point: null },
    }
  }
  const careful = rng.chance(0.5)
  const city = careful ? victim.city : pickCity(rng)
  return {
    device: crew.device,
    ipAddress: careful ? neighbourIp(scene, victim) : crew.ipAddress,
    place: { country: city.country, point: !careful && rng.chance(0.35) ? near(rng, city, 5) : null },
  }
}

/** What a crew's device lets the bank see: an emulator or a rooted phone, now and then its own remote-control app. */
export const showCrewDevice = (scene: Scene, crew: Crew, at: number): void => {
  const { rng } = scene
  if (rng.chance(0.45)) afflict(crew.device, 'SYSTEM_INTEGRITY', at, crew.untilAt)
  if (rng.chance(0.3)) afflict(crew.device, 'DEBUGGER', at, crew.untilAt)
  report(scene, crew.device, at)
}

/** Adding the payee that the money goes to; some apps let one pay without. */
export const addPayee = (scene: Scene, victim: Person, line: Line, payeeId: string, at: number): void => {
  if (scene.rng.chance(0.85))
    note(scene, 'PAYEE_ADDED', victim, at, { device: line.device, ipAddress: line.ipAddress, payeeId })
}

/** Times of a few payments in a row, starting at `at`. */
export const inARow = (rng: Rng, at: number, count: number, meanGapMs: number): readonly number[] => {
  let time = at
  return Array.from(
    { length: count },
    (_, index) => (time += index === 0 ? 0 : minuteMs / 3 + rng.exponential(meanGapMs)),
  )
}
