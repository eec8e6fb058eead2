import { createBlockCounts, pieceMsOf, type Counts } from './blockCounts.ts'
import type { BreakerSpec } from './guardSchema.ts'

/** What can block too much: `rule:<id>` or `model:<id>/<version>`. */
export type BlockOrigin = string

/** What an origin usually blocks: sums that halve with each half-life. It outlives a policy. */
export type UsualShares = Map<BlockOrigin, { payments: number; blocks: number }>

export type BreakerEvent = {
  readonly origin: BlockOrigin
  readonly open: boolean
  /** Of the payments in the window. */
  readonly share: number
  /** What it had to exceed. */
  readonly bound: number
}

/** Counts what each origin blocks. Per instance; all times are milliseconds that never step back. */
export type Breaker = {
  /** A payment is about to be judged. @param model `<id>/<version>` of the model that was asked; null: none was */
  readonly seePayment: (model: string | null, now: number) => void
  /** The origin gives BLOCK for the payment that was seen last. @returns whether that is to count as STEP_UP */
  readonly seeBlock: (origin: BlockOrigin, accountId: string, now: number) => boolean
  /** For a timer, as breakers close also where no payment comes. */
  readonly openAt: (now: number) => readonly BlockOrigin[]
}

const minuteMs = 60_000
const hourMs = 3_600_000

type Open = { readonly bound: number; calmSince: number | null }

/**
 * Opens for an origin that blocked at least `minBlocks` payments of `minAccounts` accounts in the window, and a larger
 * share of them than `share` and than `factor` times its usual one. Closes when the share has been back in these
 * bounds for `closeAfterMinutes`. What it blocked around an opening does not become usual.
 */
export const createBreaker = (
  spec: BreakerSpec,
  usual: UsualShares,
  onChange: (event: BreakerEvent) => void,
): Breaker => {
  const windowMs = spec.windowMinutes * minuteMs
  const closeAfterMs = spec.closeAfterMinutes * minuteMs
  const halving = 0.5 ** (pieceMsOf(windowMs) / (spec.usualHours * hourMs))
  /** As many as it takes to tell `share` with `minBlocks`. */
  const paymentsToKnow = spec.minBlocks / spec.share
  const open = new Map<BlockOrigin, Open>()
  /** Up to which piece what an origin did is not usual. */
  const unusualUntil = new Map<BlockOrigin, number>()
  const origins = new Set<BlockOrigin>(usual.keys())
  let leftAt: number | null = null

  const fold = (at: number, countsOf: (origin: BlockOrigin) => Counts): void => {
    const decay = halving ** (leftAt === null ? 1 : at - leftAt)
    leftAt = at
    for (const origin of origins) {
      const { payments, blocks } =
        open.has(origin) || at <= (unusualUntil.get(origin) ?? -1)
          ? { payments: 0, blocks: 0 }
          : countsOf(origin)
      const before = usual.get(origin) ?? { payments: 0, blocks: 0 }
      usual.set(origin, {
        payments: before.payments * decay + payments,
        blocks: before.blocks * decay + blocks,
      })
    }
  }

  const counts = createBlockCounts({ windowMs, mostAccounts: spec.minAccounts, onLeave: fold })

  const boundOf = (origin: BlockOrigin): number => {
    const { payments, blocks } = usual.get(origin) ?? { payments: 0, blocks: 0 }
    return payments < paymentsToKnow ? spec.share : Math.max(spec.share, spec.factor * (blocks / payments))
  }

  const openIfTooMany = (origin: BlockOrigin): void => {
    const { payments, blocks } = counts.of(origin)
    const bound = boundOf(origin)
    if (blocks < spec.minBlocks || blocks <= bound * payments) return
    if (counts.accountsOf(origin) < spec.minAccounts) return
    open.set(origin, { bound, calmSince: null })
    onChange({ origin, open: true, share: blocks / payments, bound })
  }

  const closeIfCalm = (origin: BlockOrigin, state: Open, now: number): void => {
    const { payments, blocks } = counts.of(origin)
    if (blocks > state.bound * payments) {
      state.calmSince = null
      return
    }
    state.calmSince ??= now
    if (now - state.calmSince < closeAfterMs) return
    open.delete(origin)
    unusualUntil.set(origin, counts.at())
    onChange({ origin, open: false, share: payments === 0 ? 0 : blocks / payments, bound: state.bound })
  }

  const roll = (now: number): void => {
    const before = counts.at()
    counts.roll(now)
    if (counts.at() === before) return
    for (const [origin, state] of open) closeIfCalm(origin, state, now)
  }

  return {
    seePayment: (model, now) => {
      roll(now)
      counts.addPayment(model === null ? null : `model:${model}`)
    },
    seeBlock: (origin, accountId, now) => {
      origins.add(origin)
      counts.addBlock(origin, accountId)
      const state = open.get(origin)
      if (state === undefined) openIfTooMany(origin)
      else closeIfCalm(origin, state, now)
      return open.has(origin)
    },
    openAt: (now) => {
      roll(now)
      return [...open.keys()]
    },
  }
}
