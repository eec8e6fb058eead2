import { note } from '../acts.ts'
import type { Scene } from '../scene.ts'
import { openSession, ownLine, sendMoney } from '../spending.ts'
import { dayMs, minuteMs } from '../time.ts'
import { stolenMoney, victimWho, type Scenario } from './story.ts'

const play = (scene: Scene, at: number): void => {
  const { rng, names, underworld } = scene
  const recruited = rng.chance(0.45)
  const payeeId = recruited ? names.personPayee(rng.pick(scene.people).index) : names.next('payee')
  const lastsMs = rng.between(0.5, 3) * dayMs
  underworld.mules = [...underworld.mules, { payeeId, untilAt: at + lastsMs }]
  // A shop that does not exist has one price; a lover in need asks for whatever there is.
  const price = rng.chance(0.5) ? rng.logNormal(15_000, 0.8) : null
  for (let victims = 4 + rng.below(9); victims > 0; victims -= 1) {
    const victim = victimWho(scene, () => true)
    if (victim === null) return
    const time = at + rng.next() * lastsMs
    const line = ownLine(scene, victim, time)
    const sessionId = openSession(scene, victim, time, line)
    if (rng.chance(0.85))
      note(scene, 'PAYEE_ADDED', victim, time - minuteMs, {
        device: line.device,
        ipAddress: line.ipAddress,
        payeeId,
      })
    const amountMinor = price ?? rng.logNormal(25_000, 0.9)
    sendMoney(
      scene,
      victim,
      time,
      line,
      { payeeId, amountMinor, sessionId },
      stolenMoney(scene, 'MULE_PAYEE', time),
    )
  }
}

/** People are talked into paying: nothing is wrong with their devices, but many suddenly pay the same payee. */
export const mulePayee: Scenario = { name: 'MULE_PAYEE', share: 0.13, paymentsPerStory: 8, play }
