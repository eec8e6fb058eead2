import { afflict } from '../devices.ts'
import { note, report } from '../acts.ts'
import type { Scene } from '../scene.ts'
import { sendMoney } from '../spending.ts'
import { dayMs, hourMs, minuteMs, secondMs } from '../time.ts'
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
  const { rng, names } = scene
  const victim = victimWho(scene, (person) => person.phone !== null)
  if (victim === null || victim.phone === null) return
  const swappedAt = at - rng.between(0.2, 20) * hourMs
  if (rng.chance(0.8)) note(scene, 'SIM_CHANGED', victim, swappedAt, { device: victim.phone })
  afflict(victim.phone, 'SIM_CHANGE', swappedAt, at + dayMs)
  if (rng.chance(0.6)) report(scene, victim.phone, swappedAt + rng.between(2, 30) * minuteMs)
  const crew = crewAt(scene, at)
  const line = crewLine(scene, crew, victim)
  const about = { device: line.device, ipAddress: line.ipAddress }
  const enteredAt = at - rng.between(1, 15) * minuteMs
  afflict(crew.device, 'SIM_CHANGE', enteredAt, at + dayMs)
  showCrewDevice(scene, crew, enteredAt)
  note(scene, 'LOGIN_SUCCEEDED', victim, enteredAt, about)
  if (rng.chance(0.6)) note(scene, 'PASSWORD_CHANGED', victim, enteredAt - 20 * secondMs, about)
  if (rng.chance(0.7)) note(scene, 'DEVICE_ENROLLED', victim, enteredAt + 20 * secondMs, about)
  const sessionId = names.next('session')
  const payeeId = muleAt(scene, at)
  addPayee(scene, victim, line, payeeId, at - 20 * secondMs)
  const truth = stolenMoney(scene, 'SIM_SWAP', at + hourMs)
  for (const time of inARow(rng, at, 1 + rng.below(3), 10 * minuteMs))
    sendMoney(
      scene,
      victim,
      time,
      line,
      { payeeId, amountMinor: rng.logNormal(45_000, 0.9), sessionId },
      truth,
    )
}

/** The victim's number moves to the attacker's SIM; codes by SMS then reach the attacker. */
export const simSwap: Scenario = { name: 'SIM_SWAP', share: 0.11, paymentsPerStory: 2, play }
