import { afflict } from '../devices.ts'
import { report } from '../acts.ts'
import type { Scene } from '../scene.ts'
import { buyAtShop, cardOf, priceAt } from '../spending.ts'
import { dayMs, minuteMs } from '../time.ts'
import { inARow, stolenCard, victimWho, type Scenario } from './story.ts'

const play = (scene: Scene, at: number): void => {
  const { rng, world } = scene
  const victim = victimWho(
    scene,
    (person) => person.phone !== null && person.paysByPhone && person.trip === null,
  )
  if (victim === null || victim.phone === null) return
  const phone = victim.phone
  const lostAt = at - rng.between(10, 180) * minuteMs
  victim.phoneGone = { fromAt: lostAt, untilAt: at + rng.between(1, 3) * dayMs }
  if (rng.chance(0.75)) afflict(phone, 'SCREEN_LOCK', lostAt, at + 30 * dayMs)
  if (rng.chance(0.6)) report(scene, phone, at - rng.between(1, 8) * minuteMs)
  const truth = stolenCard(scene, 'LOST_PHONE', victim, at)
  const card = cardOf(scene, victim)
  for (const time of inARow(rng, at, 2 + rng.below(6), 18 * minuteMs)) {
    const merchant = world.markets.in(victim.city).pickOf(rng, ({ mcc }) => mcc !== '4111' && mcc !== '7011')
    const amountMinor = Math.min(90_000, priceAt(scene, victim, merchant) * rng.between(1, 4))
    buyAtShop(scene, victim, time, { merchant, amountMinor, phone, card }, truth)
  }
}

/** A phone that is lost or stolen unlocked: contactless purchases near home, larger than usual, one after the other. */
export const lostPhone: Scenario = { name: 'LOST_PHONE', share: 0.04, paymentsPerStory: 4.5, play }
