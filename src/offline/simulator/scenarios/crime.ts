import type { Scene } from '../scene.ts'
import { dayMs, hourMs } from '../time.ts'
import { accountTakeover } from './accountTakeover.ts'
import { cardTesting } from './cardTesting.ts'
import { compromisedMerchant, useCopiedCards } from './compromisedMerchant.ts'
import { lostPhone } from './lostPhone.ts'
import { mulePayee } from './mulePayee.ts'
import { remoteControl } from './remoteControl.ts'
import { simSwap } from './simSwap.ts'
import { smsMalware } from './smsMalware.ts'
import type { Scenario } from './story.ts'

export const scenarios: readonly Scenario[] = [
  accountTakeover,
  remoteControl,
  simSwap,
  cardTesting,
  mulePayee,
  compromisedMerchant,
  smsMalware,
  lostPhone,
]

/** Frauds among payments at a fraud scale of 1. */
const naturalShare = 0.0055

/** As many crimes of each scenario on one day as keep the frauds' share of all payments in the long run. */
const planDay = (scene: Scene, dayAt: number): void => {
  const { rng, world } = scene
  const { accounts, paymentsPerDay, fraudScale } = world.options
  for (const scenario of scenarios) {
    const frauds = accounts * paymentsPerDay * naturalShare * fraudScale * scenario.share
    const stories = rng.poisson(frauds / scenario.paymentsPerStory)
    for (let story = 0; story < stories; story += 1) {
      const victimsDay = rng.pick(scene.people).dayPlan.timeOfDay(rng, dayAt) - hourMs
      const at = dayAt + (rng.chance(0.6) ? Math.max(0, victimsDay) : rng.next() * dayMs)
      scenario.play(scene, at)
    }
  }
}

/** Crimes are planned a day ahead, so that what leads up to them has its own time. Call once a day. */
export const planCrimes = (scene: Scene): void => {
  const dayAt = scene.calendar.dayAt()
  useCopiedCards(scene)
  if (dayAt === scene.world.options.startAt) planDay(scene, dayAt)
  planDay(scene, dayAt + dayMs)
}
