import { newComputer, newPhone, type Device } from './devices.ts'
import { pickDayPlan, pickMix, type Activity, type DayPlan } from './habits.ts'
import type { Market, Markets, Merchant } from './merchants.ts'
import type { Names } from './names.ts'
import { near, pickHomeCity, type City, type Point } from './places.ts'
import type { Rng } from './rng.ts'
import { dayMs } from './time.ts'

/** Somebody whom a person pays now and then. */
export type Contact = {
  readonly payeeId: string
  readonly medianMinor: number
  readonly sigma: number
  readonly weight: number
}

export type Trip = { readonly city: City; readonly untilAt: number }

/** An account with its owner. Cards, phone, contacts and journeys change as the world runs. */
export type Person = {
  readonly index: number
  readonly accountId: string
  readonly city: City
  readonly home: Point
  /** 1 is an ordinary income; amounts grow with it. */
  readonly income: number
  readonly paymentsPerDay: number
  readonly dayPlan: DayPlan
  readonly nextActivity: (rng: Rng) => Activity
  readonly paysByPhone: boolean
  readonly household: number
  /** How long the provider leaves a household its address; some change it every night. */
  readonly leaseMs: number
  readonly emailHash: string
  readonly phoneHash: string
  readonly computer: Device | null
  /** Shops of the trades that this person goes to most. */
  readonly usualShops: readonly Merchant[]
  readonly usualSites: readonly Merchant[]
  phone: Device | null
  cards: readonly string[]
  contacts: readonly Contact[]
  trip: Trip | null
  /** When the phone is out of the owner's hands. */
  phoneGone: { readonly fromAt: number; readonly untilAt: number } | null
  /** The bank replaces the first card at the first use after this time. */
  cardRenewalAt: number
}

const contactsOf = (rng: Rng, names: Names, income: number, accounts: number): readonly Contact[] => {
  const firms = 20 + Math.floor(accounts / 40)
  const firm = (medianMinor: number, sigma: number, weight: number): Contact => ({
    // Squared, so that a few firms have very many customers.
    payeeId: names.businessPayee(Math.floor(firms * rng.next() ** 2)),
    medianMinor: medianMinor * income,
    sigma,
    weight,
  })
  const friend = (): Contact => ({
    payeeId: names.personPayee(rng.below(accounts)),
    medianMinor: rng.logNormal(3500, 0.7) * income,
    sigma: 0.7,
    weight: rng.between(0.5, 2),
  })
  return [
    firm(75_000, 0.05, 0.5),
    firm(6_500, 0.15, 0.5),
    firm(4_000, 0.15, 0.5),
    ...Array.from({ length: 1 + rng.below(3) }, () => firm(rng.logNormal(9_000, 0.8), 0.5, 0.5)),
    ...Array.from({ length: 2 + rng.below(5) }, friend),
  ]
}

const several = (rng: Rng, market: Market, count: number): readonly Merchant[] =>
  Array.from({ length: count }, () => market.pick(rng))

/** Deviation of the logarithm of a person's pace; the mean over people is kept at one. */
const paceSigma = 0.5

export type PeopleOptions = {
  readonly accounts: number
  readonly startAt: number
  readonly paymentsPerDay: number
  readonly names: Names
  readonly markets: Markets
}

export const createPeople = (rng: Rng, options: PeopleOptions): readonly Person[] => {
  const { accounts, startAt, names, markets } = options
  const people: Person[] = []
  for (let index = 0; index < accounts; index += 1) {
    // Every fourth account shares a home, and some of them the computer, with the one before.
    const before = people.at(-1)
    const housemate = before !== undefined && rng.chance(0.25) ? before : null
    const city = housemate?.city ?? pickHomeCity(rng)
    const income = rng.logNormal(1, 0.45)
    const ownComputer = rng.chance(0.6) ? newComputer(rng, names.next('device'), startAt) : null
    people.push({
      index,
      accountId: names.account(index),
      city,
      home: housemate?.home ?? near(rng, city, 6),
      income,
      paymentsPerDay: options.paymentsPerDay * rng.logNormal(Math.exp(-(paceSigma ** 2) / 2), paceSigma),
      dayPlan: pickDayPlan(rng),
      nextActivity: pickMix(rng),
      paysByPhone: rng.chance(0.4),
      household: housemate?.household ?? index,
      leaseMs: housemate?.leaseMs ?? (rng.chance(0.3) ? dayMs : rng.between(20, 200) * dayMs),
      emailHash: names.emailHash(index),
      phoneHash: names.phoneHash(index),
      computer: housemate?.computer && rng.chance(0.4) ? housemate.computer : ownComputer,
      usualShops: several(rng, markets.in(city), 6 + rng.below(8)),
      usualSites: several(rng, markets.online, 3 + rng.below(5)),
      phone: rng.chance(0.93) ? newPhone(rng, names.next('device'), startAt) : null,
      cards: Array.from({ length: rng.chance(0.3) ? 2 : 1 }, () => names.next('card')),
      contacts: contactsOf(rng, names, income, accounts),
      trip: null,
      phoneGone: null,
      cardRenewalAt: Number.POSITIVE_INFINITY,
    })
  }
  return people
}

/** The phone that the owner has in hand. */
export const phoneAt = ({ phone, phoneGone }: Person, at: number): Device | null =>
  phoneGone !== null && at >= phoneGone.fromAt && at < phoneGone.untilAt ? null : phone
