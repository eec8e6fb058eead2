import { note } from './acts.ts'
import type { Scene } from './scene.ts'
import { openSession, ownLine, sendMoney } from './spending.ts'
import { dayMs, minuteMs } from './time.ts'

/** Collections that begin, a day and a person. */
const perPersonDay = 0.0005

/** A school trip, a club's fee, a present for a colleague: many suddenly pay a payee, and nothing is wrong with it. */
export const holdCollections = (scene: Scene): void => {
  const { rng, names, calendar, people } = scene
  const dayAt = calendar.dayAt()
  for (let count = rng.poisson(people.length * perPersonDay); count > 0; count -= 1) {
    const payeeId = rng.chance(0.6) ? names.personPayee(rng.pick(people).index) : names.next('payee')
    const amountMinor = rng.logNormal(6_000, 1)
    const lastsMs = rng.between(0.5, 4) * dayMs
    for (let payer = 4 + rng.below(18); payer > 0; payer -= 1) {
      const person = rng.pick(people)
      const at = dayAt + rng.next() * lastsMs
      const line = ownLine(scene, person, at)
      const sessionId = openSession(scene, person, at, line)
      const about = { device: line.device, ipAddress: line.ipAddress, payeeId }
      if (rng.chance(0.85)) note(scene, 'PAYEE_ADDED', person, at - minuteMs, about)
      sendMoney(scene, person, at, line, { payeeId, amountMinor, sessionId })
    }
  }
}
