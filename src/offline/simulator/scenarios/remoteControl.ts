import { afflict } from '../devices.ts'
import { report } from '../acts.ts'
import type { Scene } from '../scene.ts'
import { openSession, ownLine, sendMoney } from '../spending.ts'
import { hourMs, minuteMs } from '../time.ts'
import { addPayee, inARow, muleAt, stolenMoney, victimWho, type Scenario } from './story.ts'

const play = (scene: Scene, at: number): void => {
  const { rng } = scene
  const victim = victimWho(scene, (person) => person.computer !== null || person.phone !== null)
  if (victim === null) return
  const line = ownLine(scene, victim, at)
  if (line.device === null) return
  const startedAt = at - rng.between(4, 45) * minuteMs
  if (rng.chance(0.8)) afflict(line.device, 'REMOTE_ACCESS', startedAt, at + 2 * hourMs)
  if (rng.chance(0.6)) afflict(line.device, 'SCREEN_CAPTURE', startedAt, at + 2 * hourMs)
  if (rng.chance(0.8)) report(scene, line.device, startedAt + rng.between(1, 3) * minuteMs)
  const sessionId = openSession(scene, victim, at, line)
  const payeeId = muleAt(scene, at)
  addPayee(scene, victim, line, payeeId, at - minuteMs)
  const truth = stolenMoney(scene, 'REMOTE_CONTROL', at + hourMs)
  for (const time of inARow(rng, at, 1 + rng.below(3), 8 * minuteMs))
    sendMoney(
      scene,
      victim,
      time,
      line,
      { payeeId, amountMinor: rng.logNormal(38_000, 0.9), sessionId },
      truth,
    )
}

/** "This is your bank's security desk": the victim lets a stranger see or steer the own device. */
export const remoteControl: Scenario = { name: 'REMOTE_CONTROL', share: 0.16, paymentsPerStory: 2, play }
