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

/** The day's crimes: as many of each scenario as keep the frauds' share of all payments in the long run. */
export const commitCrimes = (scene: Scene): void => {
  const { rng, calendar, world } = scene
  const { accounts, paymentsPerDay, fraudScale } = world.options
  const dayAt = calendar.dayAt()
  useCopiedCards(scene)
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
