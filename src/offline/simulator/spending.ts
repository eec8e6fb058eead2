import type { Device } from './devices.ts'
import { homeAddress, mobileAddress, publicAddress } from './addresses.ts'
import { cashMcc, type Merchant } from './merchants.ts'
import { phoneAt, type Person } from './people.ts'
import { near, type City } from './places.ts'
import { note, pay, report, type Draft, type Place } from './acts.ts'
import type { Scene } from './scene.ts'
import type { Truth } from './simEvent.ts'
import { dayMs, hourMs, minuteMs, secondMs } from './time.ts'

/** The city that a person is in. */
export const whereabouts = (person: Person, at: number): City =>
  person.trip !== null && at < person.trip.untilAt ? person.trip.city : person.city

const currencyOf = (scene: Scene, city: City): Pick<Draft, 'currency'> =>
  scene.world.options.otherCurrencies && city.perEur !== 1
    ? { currency: { code: city.currency, perEur: city.perEur } }
    : {}

/** What a purchase there costs this person: most are ordinary, one in eighty is not. */
export const priceAt = (scene: Scene, person: Person, merchant: Merchant): number => {
  const { rng } = scene
  const usual = merchant.trade.medianMinor * merchant.priceLevel * Math.sqrt(person.income)
  const special = rng.chance(0.0125) ? rng.between(4, 14) : 1
  return Math.max(50, rng.logNormal(usual, merchant.trade.sigma) * special)
}

export const cardOf = (scene: Scene, person: Person): string => {
  const [first, second] = person.cards
  if (first === undefined) throw new RangeError('a person without a card')
  return second !== undefined && scene.rng.chance(0.3) ? second : first
}

/** Whoever copies cards in this shop has one more. */
const passSkimmer = (scene: Scene, merchant: Merchant, person: Person, card: string, at: number): void => {
  const skimmer = scene.underworld.skimmers.get(merchant.index)
  if (skimmer !== undefined && at >= skimmer.fromAt && at < skimmer.toAt)
    skimmer.copied.set(card, person.index)
}

export type Shopping = {
  readonly merchant: Merchant
  readonly amountMinor: number
  /** null: with the plastic card. */
  readonly phone: Device | null
  readonly card: string
}

/** A purchase at a till. */
export const buyAtShop = (scene: Scene, person: Person, at: number, what: Shopping, truth?: Truth): void => {
  const { rng } = scene
  const { merchant, phone, card } = what
  const byCode = phone !== null && rng.chance(0.15)
  const contactless = what.amountMinor < 5_000 && rng.chance(0.8)
  const draft: Draft = {
    at,
    person,
    amountMinor: what.amountMinor,
    channel: byCode ? 'QR' : 'POS',
    method: phone === null ? 'CARD' : 'WALLET',
    place: {
      country: merchant.city.country,
      point: { latitude: merchant.latitude, longitude: merchant.longitude },
    },
    authMethods: phone !== null ? ['BIOMETRY'] : contactless ? ['CONTACTLESS'] : ['PIN'],
    card,
    merchant: { merchantId: merchant.merchantId, mcc: merchant.trade.mcc },
    deviceId: phone?.deviceId ?? null,
    ...currencyOf(scene, merchant.city),
  }
  pay(scene, draft, truth)
  passSkimmer(scene, merchant, person, card, at)
}

/** How somebody is on line: their own device at home or on the way, or a criminal's. */
export type Line = {
  readonly device: Device | null
  readonly ipAddress: string
  readonly place: Place | null
}

export const homeIpOf = (person: Person, at: number): string =>
  homeAddress(person.household, Math.floor(at / person.leaseMs))

/** Browsers forget: a private window or cleared cookies make a known computer look new, or nameless. */
const forgetful = { looksNew: 0.1, nameless: 0.05 }

const asSeen = (scene: Scene, device: Device | null, computer: Device | null): Device | null => {
  if (device === null || device !== computer) return device
  const draw = scene.rng.next()
  if (draw < forgetful.nameless) return null
  if (draw > 1 - forgetful.looksNew)
    return { ...device, deviceId: scene.names.next('device'), reports: false }
  return device
}

export const ownLine = (scene: Scene, person: Person, at: number): Line => {
  const { rng } = scene
  const { accounts } = scene.world.options
  const phone = phoneAt(person, at)
  const city = whereabouts(person, at)
  const away = city !== person.city
  const device =
    person.computer !== null && (phone === null || (!away && rng.chance(0.3))) ? person.computer : phone
  const onTheMove = device === phone && phone !== null && rng.chance(0.45)
  const outside = away || rng.chance(0.04)
  const ipAddress = onTheMove
    ? mobileAddress(rng, city, accounts)
    : outside
      ? publicAddress(rng, city, accounts)
      : homeIpOf(person, at)
  const located = device === phone && rng.chance(0.6)
  const centre = away ? city : person.home
  return {
    device: asSeen(scene, device, person.computer),
    ipAddress,
    place: { country: city.country, point: located ? near(rng, centre, onTheMove ? 4 : 0.05) : null },
  }
}

export const channelOf = (line: Line): 'APP' | 'WEB' =>
  line.device !== null && (line.device.platform === 'ANDROID' || line.device.platform === 'IOS')
    ? 'APP'
    : 'WEB'

/** The log-in before an on-line payment, and the report that an app sends when it starts. @returns the session */
export const openSession = (scene: Scene, person: Person, at: number, line: Line): string => {
  const { rng, names } = scene
  const enteredAt = at - rng.between(8 * secondMs, 4 * minuteMs)
  if (line.device !== null && (rng.chance(0.35) || enteredAt - line.device.lastReportAt > 20 * hourMs))
    report(scene, line.device, enteredAt - rng.between(1, 4) * secondMs)
  const about = { device: line.device, ipAddress: line.ipAddress }
  if (rng.chance(0.035)) note(scene, 'LOGIN_FAILED', person, enteredAt - 12 * secondMs, about)
  if (rng.chance(0.8)) note(scene, 'LOGIN_SUCCEEDED', person, enteredAt, about)
  return names.next('session')
}

export type OnlineOrder = {
  readonly merchant: Merchant
  readonly amountMinor: number
  readonly card: string
  readonly emailHash: string
  readonly sessionId: string | null
}

const strongAuth = ['BIOMETRY', 'APP_PUSH', 'SMS_CODE', 'PASSWORD'] as const

/** A purchase on a web page or in an app. */
export const buyOnline = (
  scene: Scene,
  person: Person,
  at: number,
  line: Line,
  order: OnlineOrder,
  truth?: Truth,
): void => {
  const { rng } = scene
  const { merchant, card } = order
  const wallet = line.device !== null && channelOf(line) === 'APP' && person.paysByPhone && rng.chance(0.5)
  const draft: Draft = {
    at,
    person,
    amountMinor: order.amountMinor,
    channel: channelOf(line),
    method: wallet ? 'WALLET' : 'CARD',
    place: line.place,
    authMethods: order.amountMinor < 3_000 && rng.chance(0.6) ? null : [rng.pick(strongAuth)],
    card,
    merchant: { merchantId: merchant.merchantId, mcc: merchant.trade.mcc },
    deviceId: line.device?.deviceId ?? null,
    ipAddress: line.ipAddress,
    sessionId: order.sessionId,
    emailHash: order.emailHash,
    ...currencyOf(scene, merchant.city),
  }
  pay(scene, draft, truth)
  passSkimmer(scene, merchant, person, card, at)
}

export type Sending = {
  readonly payeeId: string
  readonly amountMinor: number
  readonly sessionId: string | null
  readonly doubtful?: boolean
}

/** Money sent to somebody's account. */
export const sendMoney = (
  scene: Scene,
  person: Person,
  at: number,
  line: Line,
  what: Sending,
  truth?: Truth,
): void => {
  const draft: Draft = {
    at,
    person,
    amountMinor: what.amountMinor,
    channel: channelOf(line),
    method: 'TRANSFER',
    place: line.place,
    authMethods: [scene.rng.pick(strongAuth)],
    payeeId: what.payeeId,
    deviceId: line.device?.deviceId ?? null,
    ipAddress: line.ipAddress,
    sessionId: what.sessionId,
    phoneHash: person.phoneHash,
  }
  pay(scene, draft, truth, what.doubtful ?? false)
}

/** Cash from a machine nearby. Machines are merchants of their own. */
export const drawCash = (scene: Scene, person: Person, at: number, card: string, truth?: Truth): void => {
  const { rng, names, world } = scene
  const city = whereabouts(person, at)
  const branch = rng.pick(world.markets.in(city).merchants)
  const draft: Draft = {
    at,
    person,
    amountMinor: rng.pick([2_000, 3_000, 5_000, 5_000, 10_000, 10_000, 20_000, 30_000]),
    channel: 'ATM',
    method: 'CARD',
    place: { country: city.country, point: { latitude: branch.latitude, longitude: branch.longitude } },
    authMethods: ['PIN'],
    card,
    merchant: { merchantId: `${names.merchant(branch.index)}-cash`, mcc: cashMcc },
    ...currencyOf(scene, city),
  }
  pay(scene, draft, truth)
}

/** Where a card owner's replacement card comes in. */
export const renewCard = (scene: Scene, person: Person, at: number): void => {
  if (at < person.cardRenewalAt) return
  person.cardRenewalAt = Number.POSITIVE_INFINITY
  person.cards = [scene.names.next('card'), ...person.cards.slice(1)]
  note(scene, 'CARD_ADDED', person, at - dayMs / 48)
}
