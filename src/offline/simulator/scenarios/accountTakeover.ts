import { afflict } from '../devices.ts'
import { note } from '../acts.ts'
import type { Scene } from '../scene.ts'
import { buyOnline, cardOf, sendMoney } from '../spending.ts'
import { hourMs, minuteMs, secondMs } from '../time.ts'
import {
  addPayee,
  crewAt,
  crewLine,
  inARow,
  muleAt,
  showCrewDevice,
  stolenMoney,
  victimWho,
  type Scenario,
} from './story.ts'

const play = (scene: Scene, at: number): void => {
  const { rng, names, world } = scene
  const victim = victimWho(scene, () => true)
  if (victim === null) return
  const crew = crewAt(scene, at)
  const line = crewLine(scene, crew, victim)
  const about = { device: line.device, ipAddress: line.ipAddress }
  const enteredAt = at - rng.between(2, 40) * minuteMs
  if (rng.chance(0.6)) afflict(crew.device, 'REMOTE_ACCESS', enteredAt, crew.untilAt)
  showCrewDevice(scene, crew, enteredAt)
  if (rng.chance(0.5))
    for (let miss = 1 + rng.below(4); miss > 0; miss -= 1)
      note(scene, 'LOGIN_FAILED', victim, enteredAt - miss * 20 * secondMs, about)
  note(scene, 'LOGIN_SUCCEEDED', victim, enteredAt, about)
  if (rng.chance(0.7)) note(scene, 'DEVICE_ENROLLED', victim, enteredAt + minuteMs, about)
  if (rng.chance(0.3)) note(scene, 'PASSWORD_CHANGED', victim, enteredAt + 1.5 * minuteMs, about)
  if (rng.chance(0.2)) note(scene, 'CONTACT_CHANGED', victim, enteredAt + 1.7 * minuteMs, about)
  const sessionId = names.next('session')
  const times = inARow(rng, at, 1 + rng.below(4), 12 * minuteMs)
  const truth = stolenMoney(scene, 'ACCOUNT_TAKEOVER', at + hourMs)
  if (rng.chance(0.25)) {
    const merchant = world.markets.online.pickOf(
      rng,
      ({ mcc }) => mcc === '5734' || mcc === '5399' || mcc === '6051',
    )
    for (const time of times) {
      const order = {
        merchant,
        amountMinor: rng.logNormal(12_000, 0.9),
        card: cardOf(scene, victim),
        sessionId,
      }
      buyOnline(scene, victim, time, line, { ...order, emailHash: victim.emailHash }, truth)
    }
    return
  }
  const payeeId = muleAt(scene, at)
  addPayee(scene, victim, line, payeeId, at - 30 * secondMs)
  for (const time of times)
    sendMoney(scene, victim, time, line, { payeeId, amountMinor: rng.logNormal(24_000, 1), sessionId }, truth)
}

/** Stolen credentials, used from the attacker's device; its screen is often run by a remote-control app. */
export const accountTakeover: Scenario = {
  name: 'ACCOUNT_TAKEOVER',
  share: 0.19,
  paymentsPerStory: 2.5,
  play,
}
