import { afflict, newPhone } from './devices.ts'
import type { Activity } from './habits.ts'
import type { Merchant } from './merchants.ts'
import { phoneAt, type Contact, type Person } from './people.ts'
import { pickCity } from './places.ts'
import { note, report } from './acts.ts'
import type { Scene } from './scene.ts'
import {
  buyAtShop,
  buyOnline,
  cardOf,
  drawCash,
  openSession,
  ownLine,
  priceAt,
  renewCard,
  sendMoney,
  whereabouts,
} from './spending.ts'
import { dayMs, hourMs, minuteMs, secondMs } from './time.ts'

/** Chances a day and a person of what makes honest people look suspicious. */
const perDay = { trip: 0.006, newPhone: 0.003, helped: 0.002, forgotPassword: 0.004, browses: 0.5 }

/** Some errands end in several payments, and collections and helpers add a few: measured, so that the mean holds. */
const purchasesPerErrand = 1.075

const shop = (scene: Scene, person: Person, at: number): void => {
  const { rng, world } = scene
  const city = whereabouts(person, at)
  const usual = city === person.city && rng.chance(0.75)
  const merchant = usual ? rng.pick(person.usualShops) : world.markets.in(city).pick(rng)
  const phone = person.paysByPhone && rng.chance(0.6) ? phoneAt(person, at) : null
  const card = cardOf(scene, person)
  const rounds = merchant.trade.burst !== undefined && rng.chance(merchant.trade.burst) ? 2 + rng.below(4) : 1
  let time = at
  for (let round = 0; round < rounds; round += 1) {
    buyAtShop(scene, person, time, { merchant, amountMinor: priceAt(scene, person, merchant), phone, card })
    time += rng.between(5, 40) * minuteMs
  }
}

const order = (scene: Scene, person: Person, at: number): void => {
  const { rng, world } = scene
  const line = ownLine(scene, person, at)
  const sessionId = openSession(scene, person, at, line)
  const merchant: Merchant = rng.chance(0.65) ? rng.pick(person.usualSites) : world.markets.online.pick(rng)
  const card = cardOf(scene, person)
  const rounds = merchant.trade.burst !== undefined && rng.chance(merchant.trade.burst) ? 2 + rng.below(7) : 1
  // Some use another address for shopping, some buy as a guest.
  const emailHash = rng.chance(0.06) ? scene.names.next('email') : person.emailHash
  let time = at
  for (let round = 0; round < rounds; round += 1) {
    buyOnline(scene, person, time, line, {
      merchant,
      amountMinor: priceAt(scene, person, merchant),
      card,
      emailHash,
      sessionId,
    })
    time += rng.between(20 * secondMs, 5 * minuteMs)
  }
}

/** A payee whom this person has never paid: another person, a firm, or somebody with another bank. */
const stranger = (scene: Scene): string => {
  const { rng, names, world } = scene
  const kind = rng.next()
  if (kind < 0.4) return names.personPayee(rng.below(world.options.accounts))
  if (kind < 0.6) return names.businessPayee(rng.below(20 + Math.floor(world.options.accounts / 40)))
  return names.next('payee')
}

const byWeight = (scene: Scene, contacts: readonly Contact[]): Contact => {
  let left = scene.rng.next() * contacts.reduce((sum, contact) => sum + contact.weight, 0)
  return contacts.find((contact) => (left -= contact.weight) <= 0) ?? scene.rng.pick(contacts)
}

const transfer = (scene: Scene, person: Person, at: number): void => {
  const { rng } = scene
  const line = ownLine(scene, person, at)
  const sessionId = openSession(scene, person, at, line)
  if (!rng.chance(0.24)) {
    const contact = byWeight(scene, person.contacts)
    const amountMinor = rng.logNormal(contact.medianMinor, contact.sigma)
    sendMoney(scene, person, at, line, { payeeId: contact.payeeId, amountMinor, sessionId })
    return
  }
  const payeeId = stranger(scene)
  const large = rng.chance(0.12)
  const amountMinor = large
    ? rng.logNormal(120_000, 0.7)
    : rng.logNormal(9_000, 1.1) * Math.sqrt(person.income)
  note(scene, 'PAYEE_ADDED', person, at - rng.between(15 * secondMs, 3 * minuteMs), {
    device: line.device,
    ipAddress: line.ipAddress,
    payeeId,
  })
  sendMoney(scene, person, at, line, { payeeId, amountMinor, sessionId, doubtful: large })
  if (rng.chance(0.3))
    person.contacts = [
      ...person.contacts.slice(-14),
      { payeeId, medianMinor: amountMinor, sigma: 0.5, weight: 0.7 },
    ]
}

const cash = (scene: Scene, person: Person, at: number): void =>
  drawCash(scene, person, at, cardOf(scene, person))

const doing: Readonly<Record<Activity, (scene: Scene, person: Person, at: number) => void>> = {
  SHOP: shop,
  ONLINE: order,
  TRANSFER: transfer,
  CASH: cash,
}

const sometime = (scene: Scene, person: Person, dayAt: number): number => {
  const local =
    person.dayPlan.timeOfDay(scene.rng, dayAt) - whereabouts(person, dayAt).utcOffsetHours * hourMs
  return dayAt + ((local + dayMs) % dayMs)
}

const buyPhone = (scene: Scene, person: Person, at: number): void => {
  const { rng, names } = scene
  const phone = newPhone(rng, names.next('device'), at)
  person.phone = phone
  note(scene, 'DEVICE_ENROLLED', person, at, { device: phone })
  if (rng.chance(0.3)) {
    note(scene, 'SIM_CHANGED', person, at)
    afflict(phone, 'SIM_CHANGE', at, at + 3 * dayMs)
  }
  report(scene, phone, at + minuteMs)
}

/** Somebody looks at the screen with good intentions: a support desk, a son, a meeting. */
const getHelp = (scene: Scene, person: Person, at: number): void => {
  const device = person.computer ?? person.phone
  if (device === null) return
  afflict(device, 'REMOTE_ACCESS', at, at + 3 * hourMs)
  if (scene.rng.chance(0.5)) afflict(device, 'SCREEN_CAPTURE', at, at + 3 * hourMs)
  report(scene, device, at + minuteMs)
  if (scene.rng.chance(0.6)) transfer(scene, person, at + scene.rng.between(5, 60) * minuteMs)
}

const happenings = (scene: Scene, person: Person, dayAt: number): void => {
  const { rng } = scene
  if (person.trip !== null && person.trip.untilAt <= dayAt) person.trip = null
  if (person.trip === null && rng.chance(perDay.trip))
    person.trip = { city: pickCity(rng), untilAt: dayAt + Math.ceil(1 + rng.exponential(4)) * dayMs }
  if (person.phone !== null && rng.chance(perDay.newPhone))
    buyPhone(scene, person, sometime(scene, person, dayAt))
  if (rng.chance(perDay.helped)) getHelp(scene, person, sometime(scene, person, dayAt))
  if (rng.chance(perDay.forgotPassword)) {
    const at = sometime(scene, person, dayAt)
    for (let miss = 0; miss < 1 + rng.below(4); miss += 1)
      note(scene, 'LOGIN_FAILED', person, at + miss * 9 * secondMs)
    note(scene, 'PASSWORD_CHANGED', person, at + 3 * minuteMs)
  }
  if (rng.chance(perDay.browses)) {
    const line = ownLine(scene, person, dayAt)
    note(scene, 'LOGIN_SUCCEEDED', person, sometime(scene, person, dayAt), {
      device: line.device,
      ipAddress: line.ipAddress,
    })
  }
}

const regularReports = (scene: Scene, person: Person, dayAt: number): void => {
  for (const device of [phoneAt(person, dayAt), person.computer])
    if (device !== null && device.nextReportAt < dayAt + dayMs) report(scene, device, device.nextReportAt)
}

/** One day of one honest person. */
export const liveDay = (scene: Scene, person: Person): void => {
  const { rng } = scene
  const dayAt = scene.calendar.dayAt()
  happenings(scene, person, dayAt)
  regularReports(scene, person, dayAt)
  const count = rng.poisson((person.paymentsPerDay * person.dayPlan.factor(dayAt)) / purchasesPerErrand)
  const times = Array.from({ length: count }, () => sometime(scene, person, dayAt)).sort((a, b) => a - b)
  for (const at of times) {
    renewCard(scene, person, at)
    doing[person.nextActivity(rng)](scene, person, at)
  }
}
