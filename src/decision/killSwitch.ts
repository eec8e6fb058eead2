import { parseDocument } from 'yaml'
import { z } from 'zod'
import { isAtLeast, outcomes, stricter, type Outcome } from '../domain/outcome.ts'
import type { Ground } from './ground.ts'
import type { Guard } from './guard.ts'
import { invalid } from './invalid.ts'
import type { Judge } from './judge.ts'

const outcome = z.enum(outcomes)
const dayMs = 86_400_000
export const longestDays = 7

const killSwitchSchema = z
  .strictObject({
    /** Who answers for it, and why. */
    by: z.string().trim().min(1).max(100),
    why: z.string().trim().min(1).max(500),
    until: z.iso.datetime({ offset: true, error: 'expected a time, such as 2026-11-26T10:00:00Z' }),
    /** No model is asked: payments are without a probability. */
    modelOff: z.boolean().default(false),
    /** Ids of rules that do not count, final or not. */
    rulesOff: z.array(z.string()).max(1_000).readonly().default([]),
    /** No decision is stricter. */
    atMost: outcome.optional(),
    /** No decision is milder. */
    atLeast: outcome.optional(),
  })
  .refine(
    ({ modelOff, rulesOff, atMost, atLeast }) =>
      modelOff || rulesOff.length > 0 || atMost !== undefined || atLeast !== undefined,
    { error: 'expected one of modelOff, rulesOff, atMost, atLeast' },
  )
  .refine(({ atMost, atLeast }) => atMost === undefined || isAtLeast(atMost, atLeast ?? 'ALLOW'), {
    error: 'expected atLeast to be no stricter than atMost',
  })
  .readonly()
export type KillSwitchSpec = z.input<typeof killSwitchSchema>

/** An operator's order that goes before the policy, for a while. */
export type KillSwitch = z.infer<typeof killSwitchSchema> & {
  /** Epoch milliseconds. */
  readonly untilMs: number
}

/**
 * @param now epoch milliseconds
 * @throws SluiceError POLICY_INVALID that says what was expected
 */
export const parseKillSwitch = (text: string, origin: string, now: number): KillSwitch => {
  const document = parseDocument(text)
  if (document.errors.length > 0)
    throw invalid(...document.errors.map(({ message }) => `${origin}: ${message}`))
  const parsed = killSwitchSchema.safeParse(document.toJS({ maxAliasCount: 0 }))
  if (!parsed.success)
    throw invalid(
      ...parsed.error.issues.map(({ path, message }) => `${origin}: ${[...path, message].join(': ')}`),
    )
  const untilMs = Date.parse(parsed.data.until)
  if (untilMs > now + longestDays * dayMs)
    throw invalid(`${origin}: until: expected at most ${longestDays} days from now, got ${parsed.data.until}`)
  return { ...parsed.data, untilMs }
}

const milder = (ground: Ground, atMost: Outcome): Ground =>
  isAtLeast(atMost, ground.outcome) ? ground : { ...ground, outcome: atMost }

/** null: the ground does not count. */
const underOrder = (ground: Ground, { rulesOff, atMost }: KillSwitch): Ground | null => {
  if (ground.origin.part === 'rule' && rulesOff.includes(ground.origin.id)) return null
  return atMost === undefined ? ground : milder(ground, atMost)
}

/** @param current the order in force; null: none */
export const createKillSwitchGuard =
  (current: () => KillSwitch | null): Guard =>
  (_scored, grounds) => {
    const order = current()
    if (order === null) return null
    let overrules: Outcome = 'ALLOW'
    const left: Ground[] = []
    for (const ground of grounds) {
      const now = underOrder(ground, order)
      if (now !== ground) overrules = stricter(overrules, ground.outcome)
      if (now !== null) left.push(now)
    }
    return overrules === 'ALLOW' ? null : { grounds: left, exceptions: [{ name: 'kill_switch', overrules }] }
  }

/** What `atLeast` demands of every payment. */
export const createDemand =
  (current: () => Pick<KillSwitch, 'atLeast'> | null): Judge =>
  (_facts, grounds) => {
    const atLeast = current()?.atLeast
    if (atLeast !== undefined && atLeast !== 'ALLOW')
      grounds.push({
        code: 'KILL_SWITCH',
        outcome: atLeast,
        origin: { part: 'kill_switch', id: '' },
        isFinal: true,
      })
  }
