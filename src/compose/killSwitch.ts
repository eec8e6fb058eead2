import type { KillSwitch } from '../decision/killSwitch.ts'
import { sha256 } from '../model/canonical.ts'
import { messageOf } from '../model/refusal.ts'
import type { Trust } from '../model/trust.ts'
import { watchModels } from '../model/watch.ts'
import type { Log } from '../ops/log.ts'
import { readKillSwitchText, understandKillSwitch } from './killSwitch.file.ts'

export type KillSwitchDeps = {
  readonly modelsDir: string
  readonly trust: Trust
  readonly pollMs: number
  readonly log: Log
  /** Epoch milliseconds. */
  readonly now: () => number
}

/** The order that lies beside the bundle. */
export type WatchedKillSwitch = {
  /** What is in force now; null: nothing. */
  readonly current: () => KillSwitch | null
  /** What is wrong with the file; null: nothing. */
  readonly problem: () => string | null
  readonly stop: () => Promise<void>
}

/** For a log: who and why, and what it does. */
const told = ({ by, why, until, modelOff, rulesOff, atMost, atLeast }: KillSwitch) => ({
  by,
  why,
  until,
  modelOff,
  rulesOff,
  atMost: atMost ?? null,
  atLeast: atLeast ?? null,
})

/**
 * Watches for an order. Until one can be understood and is approved, what was in force stays so; the file's absence
 * ends it, and so does its time.
 * @throws SluiceError if there is one at the start that cannot be understood: what an operator ordered is not ignored
 */
export const openKillSwitch = async (deps: KillSwitchDeps): Promise<WatchedKillSwitch> => {
  const { modelsDir, trust, log, now } = deps
  let order: KillSwitch | null = null
  let problem: string | null = null
  let taken: string | null = null
  /** Forgotten at its end, so that the log says so once. */
  const current = (): KillSwitch | null => {
    if (order !== null && now() >= order.untilMs) {
      log.warn(told(order), 'the time of the kill switch is over')
      order = null
    }
    return order
  }

  const take = async (): Promise<void> => {
    const text = await readKillSwitchText(modelsDir)
    if (problem === null && text === taken) return
    const next = text === null ? null : await understandKillSwitch(modelsDir, text, trust, now())
    problem = null
    taken = text
    if (next === null && order !== null) log.warn(told(order), 'the kill switch was taken away')
    if (next !== null && now() < next.untilMs) log.warn(told(next), 'a kill switch is in force')
    order = next
  }
  await take()

  const watch = watchModels({
    // The text is short. Of an approval that comes later only its coming is seen, so it is offered again.
    fingerprint: async () => sha256((await readKillSwitchText(modelsDir)) ?? ''),
    everyMs: deps.pollMs,
    isSettled: () => problem === null,
    againMs: { first: deps.pollMs, longest: deps.pollMs },
    onChange: async () => {
      try {
        await take()
      } catch (error) {
        const reason = messageOf(error)
        if (problem !== reason)
          log.error({ reason }, 'the kill switch is not taken; what was in force stays so')
        problem = reason
      }
    },
    onError: (error) => log.warn({ error }, 'the kill switch could not be looked at'),
  })
  return { current, problem: () => problem, stop: watch.stop }
}
