import type { Device } from '../devices.ts'
import type { Merchant } from '../merchants.ts'
import type { Person } from '../people.ts'
import type { Scene } from '../scene.ts'
import { buyOnline, cardOf } from '../spending.ts'
import { hourMs, minuteMs } from '../time.ts'
import { crewAt, crewLine, stolenCard, victimWho, type Scenario } from './story.ts'

/** A browser that starts afresh, or one that tells nothing. */
const disguised = ({ rng, names }: Scene, device: Device | null): Device | null =>
  device === null || rng.chance(0.4) ? null : { ...device, deviceId: names.next('device'), reports: false }

const play = (scene: Scene, at: number): void => {
  const { rng, names, world } = scene
  const crew = crewAt(scene, at)
  // A quiet one shows another device and address for each card and lets an hour pass between two.
  const quiet = rng.chance(0.4)
  const shop = (): Merchant => world.markets.online.pickOf(rng, ({ medianMinor }) => medianMinor < 4_000)
  const targets = Array.from({ length: 1 + rng.below(3) }, shop)
  let time = at
  for (let card = 5 + rng.below(11); card > 0; card -= 1) {
    const owner: Person | null = victimWho(scene, () => true)
    if (owner === null) return
    const token = cardOf(scene, owner)
    const seen = crewLine(scene, crew, owner)
    const line = quiet
      ? { ...seen, device: disguised(scene, seen.device) }
      : { ...seen, ipAddress: crew.ipAddress, device: crew.device }
    const truth = stolenCard(scene, 'CARD_TESTING', owner, time)
    const order = { card: token, emailHash: names.next('email'), sessionId: null }
    const merchant = rng.pick(targets)
    buyOnline(scene, owner, time, line, { merchant, amountMinor: rng.logNormal(400, 0.9), ...order }, truth)
    // A card that works is used for good.
    if (rng.chance(0.2)) {
      const dear = world.markets.online.pickOf(
        rng,
        ({ mcc }) => mcc === '5734' || mcc === '6051' || mcc === '5399',
      )
      const laterAt = time + rng.between(0.2, 20) * hourMs
      buyOnline(
        scene,
        owner,
        laterAt,
        line,
        { merchant: dear, amountMinor: rng.logNormal(18_000, 0.7), ...order },
        truth,
      )
    }
    time += rng.exponential(quiet ? 40 * minuteMs : 1.2 * minuteMs)
  }
}

/** Stolen card numbers tried one after the other with small amounts; those that work are used or sold. */
export const cardTesting: Scenario = { name: 'CARD_TESTING', share: 0.16, paymentsPerStory: 12, play }
