import type { Audit } from '../../domain/audit.ts'
import { isAtLeast, type Outcome } from '../../domain/outcome.ts'
import type { Judged, PolicySide } from './policySide.ts'

/** Payments that the one policy decides as `from` and the other as `to`. */
export type Change = {
  readonly from: Outcome
  readonly to: Outcome
  readonly payments: number
  /** Minor units, by currency. */
  readonly amounts: Readonly<Record<string, number>>
}

export type ChangedPayment = {
  readonly paymentId: string
  readonly attempt: number
  readonly from: Outcome
  readonly to: Outcome
  /** The parts of the stricter policy that the milder one does not answer. */
  readonly because: readonly string[]
}

export type PolicyDiff = {
  readonly payments: number
  readonly changed: number
  readonly changes: readonly Change[]
  /** How many payments each part made a difference for. */
  readonly because: Readonly<Record<string, number>>
  /** Payments of whose record the old or the new policy misses features, and which: they counted as not known. */
  readonly unheld: { readonly payments: number; readonly features: readonly string[] }
  /** Recorded otherwise than the old policy decides: by another policy, or softened by a guard. */
  readonly recordedOtherwise: number
  readonly withoutFeatures: number
  readonly bundleUnknown: number
  readonly examples: readonly ChangedPayment[]
}

export type PolicyDiffDeps = {
  readonly old: PolicySide
  readonly new: PolicySide
  /** null: nobody knows the bundle. */
  readonly namesOf: (bundleHash: string) => readonly string[] | null
  readonly examplesAtMost: number
}

const originText = ({ part, id }: Judged['grounds'][number]['origin']): string =>
  id === '' ? part : `${part} ${id}`

const becauseOf = (stricter: Judged, milder: Judged): readonly string[] => {
  const limit = milder.assessed.outcome
  const parts = new Set(
    stricter.grounds
      .filter(({ outcome }) => outcome !== limit && isAtLeast(outcome, limit))
      .map(({ origin }) => originText(origin)),
  )
  if (parts.size > 0) return [...parts]
  const isUnsafe = stricter.assessed.reasons.some(({ code }) => code === 'NO_SAFE_STEP_UP')
  return [isUnsafe ? 'no safe step-up' : 'exceptions']
}

type Tally = { payments: number; readonly amounts: Map<string, bigint> }

/** Counts who would be decided differently. Pure but for its own tallies. */
export const createPolicyDiff = (deps: PolicyDiffDeps) => {
  const tallies = new Map<string, Tally>()
  const because = new Map<string, number>()
  const unheldFeatures = new Set<string>()
  const examples: ChangedPayment[] = []
  let [payments, changed, unheldPayments, recordedOtherwise, withoutFeatures, bundleUnknown] = [
    0, 0, 0, 0, 0, 0,
  ]

  const note = (audit: Audit, from: Outcome, to: Outcome, parts: readonly string[]): void => {
    changed++
    const { paymentId, attempt, amountMinor, currency } = audit.payment
    const key = `${from} ${to}`
    const tally = tallies.get(key) ?? { payments: 0, amounts: new Map<string, bigint>() }
    tallies.set(key, tally)
    tally.payments++
    tally.amounts.set(currency, (tally.amounts.get(currency) ?? 0n) + BigInt(amountMinor))
    for (const part of parts) because.set(part, (because.get(part) ?? 0) + 1)
    if (examples.length < deps.examplesAtMost) examples.push({ paymentId, attempt, from, to, because: parts })
  }

  return {
    add: (audit: Audit): void => {
      const names = deps.namesOf(audit.decision.bundleHash)
      if (audit.features.length === 0) return void withoutFeatures++
      if (names === null) return void bundleUnknown++
      payments++
      const [before, after] = [deps.old.judge(audit, names), deps.new.judge(audit, names)]
      const unheld = [...before.unheld, ...after.unheld]
      if (unheld.length > 0) unheldPayments++
      for (const name of unheld) unheldFeatures.add(name)
      const [from, to] = [before.assessed.outcome, after.assessed.outcome]
      if (from !== audit.decision.outcome) recordedOtherwise++
      if (from !== to)
        note(audit, from, to, isAtLeast(to, from) ? becauseOf(after, before) : becauseOf(before, after))
    },
    result: (): PolicyDiff => ({
      payments,
      changed,
      changes: [...tallies].map(([key, tally]) => changeOf(key, tally)),
      because: Object.fromEntries([...because].sort(([, a], [, b]) => b - a)),
      unheld: { payments: unheldPayments, features: [...unheldFeatures].toSorted() },
      recordedOtherwise,
      withoutFeatures,
      bundleUnknown,
      examples,
    }),
  }
}

const changeOf = (key: string, { payments, amounts }: Tally): Change => {
  const [from, to] = key.split(' ') as [Outcome, Outcome]
  return {
    from,
    to,
    payments,
    amounts: Object.fromEntries([...amounts].map(([currency, amount]) => [currency, Number(amount)])),
  }
}
