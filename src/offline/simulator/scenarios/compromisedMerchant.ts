import type { Person } from '../people.ts'
import { pickCity } from '../places.ts'
import type { Scene } from '../scene.ts'
import { buyAtShop, buyOnline, priceAt } from '../spending.ts'
import { dayMs, hourMs, minuteMs } from '../time.ts'
import type { Skimmer } from '../underworld.ts'
import { crewAt, crewLine, inARow, stolenCard, type Scenario } from './story.ts'

/** Copied cards whose owner has been found a use for, a story at most. */
const usedPerStory = 14

const play = (scene: Scene, at: number): void => {
  const { rng, underworld, world } = scene
  // Where few of our accounts shop, nothing would come of it.
  const popular = world.markets.all.filter(
    (merchant) => merchant.popularity > 0.3 && (merchant.trade.online || merchant.city.currency === 'EUR'),
  )
  const { index } = rng.pick(popular)
  const toAt = at + rng.between(4, 9) * dayMs
  if (!underworld.skimmers.has(index))
    underworld.skimmers.set(index, { merchantIndex: index, fromAt: at, toAt, copied: new Map() })
}

const spendOnline = (scene: Scene, victim: Person, card: string, at: number): void => {
  const { rng, names, world } = scene
  const crew = crewAt(scene, at)
  const line = crewLine(scene, crew, victim)
  const shown = rng.chance(0.35) ? { ...line, device: null } : line
  const times = inARow(rng, at, 1 + rng.below(3), 25 * minuteMs)
  const truth = stolenCard(scene, 'COMPROMISED_MERCHANT', victim, at + hourMs)
  const emailHash = names.next('email')
  for (const time of times) {
    const merchant = world.markets.online.pickOf(rng, ({ medianMinor }) => medianMinor > 2_000)
    const amountMinor = rng.logNormal(9_000, 0.9)
    buyOnline(scene, victim, time, shown, { merchant, amountMinor, card, emailHash, sessionId: null }, truth)
  }
}

const spendClone = (scene: Scene, victim: Person, card: string, at: number): void => {
  const { rng, world } = scene
  const city = rng.chance(0.5) ? victim.city : pickCity(rng)
  const truth = stolenCard(scene, 'COMPROMISED_MERCHANT', victim, at + hourMs)
  for (const time of inARow(rng, at, 1 + rng.below(4), 30 * minuteMs)) {
    const merchant = world.markets.in(city).pick(rng)
    const amountMinor = priceAt(scene, victim, merchant) * rng.between(1, 4)
    buyAtShop(scene, victim, time, { merchant, amountMinor, phone: null, card }, truth)
  }
}

const abuse = (scene: Scene, skimmer: Skimmer): void => {
  const { rng, people } = scene
  const cards = [...skimmer.copied].sort(() => rng.next() - 0.5).slice(0, usedPerStory)
  for (const [card, owner] of cards) {
    const victim = people[owner]
    if (victim === undefined || !rng.chance(0.7)) continue
    const at = scene.calendar.dayAt() + rng.next() * 7 * dayMs
    if (rng.chance(0.65)) spendOnline(scene, victim, card, at)
    else spendClone(scene, victim, card, at)
  }
}

/** Once a day: cards copied by a skimmer that is gone are sold and used, elsewhere. */
export const useCopiedCards = (scene: Scene): void => {
  const dayAt = scene.calendar.dayAt()
  for (const skimmer of scene.underworld.skimmers.values()) {
    if (skimmer.toAt > dayAt) continue
    scene.underworld.skimmers.delete(skimmer.merchantIndex)
    abuse(scene, skimmer)
  }
}

/** A shop's terminal or web page copies cards for some days; they are misused days later at other shops. */
export const compromisedMerchant: Scenario = {
  name: 'COMPROMISED_MERCHANT',
  share: 0.14,
  paymentsPerStory: 12,
  play,
}
