import { createBreaker, type BreakerEvent, type UsualShares } from '../decision/breaker.ts'
import { createBreakerGuard } from '../decision/breakerGuard.ts'
import { createControlGroup } from '../decision/controlGroup.ts'
import type { FeatureIndex } from '../decision/facts.ts'
import { type Guards, inOrder } from '../decision/guard.ts'
import { createDemand, createKillSwitchGuard, type KillSwitch } from '../decision/killSwitch.ts'
import type { Policy } from '../decision/policy.ts'
import type { Assessed, Scored } from '../domain/decision.ts'
import { createCanary } from '../model/canary.ts'

/** What guards share over all bundles. */
export type GuardDeps = {
  /** The order in force; null: none. */
  readonly killSwitch: () => KillSwitch | null
  /** What each rule and model usually blocks: kept over swaps. */
  readonly usual: UsualShares
  /** Keyed; hexadecimal digits. */
  readonly hashText: (text: string) => string
  readonly onBreaker: (event: BreakerEvent) => void
}

/** The guards of one bundle. */
export type BundleGuards = {
  readonly guards: Guards
  /** Whether no model is to be asked. */
  readonly isModelOff: () => boolean
  /** To be told each payment that is about to be judged; null: nobody counts. */
  readonly see: ((scored: Scored) => void) | null
  /** Breakers that are open, as `rule:<id>` or `model:<id>/<version>`. */
  readonly openBreakers: () => readonly string[]
}

/** @param monotonic milliseconds that never step back */
export const createGuards = (
  { breaker: breakerSpec, neverHeldBack, controlGroup }: Policy,
  slot: FeatureIndex,
  deps: GuardDeps,
  monotonic: () => number,
): BundleGuards => {
  const breaker = breakerSpec === null ? null : createBreaker(breakerSpec, deps.usual, deps.onBreaker)
  return {
    guards: {
      demand: createDemand(deps.killSwitch),
      soften: inOrder({
        breaker: breaker === null ? null : createBreakerGuard(breaker, neverHeldBack, monotonic),
        killSwitch: createKillSwitchGuard(deps.killSwitch),
        controlGroup:
          controlGroup === null
            ? null
            : createControlGroup(
                controlGroup,
                slot,
                createCanary('control-group', controlGroup.share, deps.hashText),
              ),
      }),
    },
    isModelOff: () => deps.killSwitch()?.modelOff ?? false,
    see: breaker === null ? null : ({ model }) => breaker.seePayment(model, monotonic()),
    openBreakers: () => breaker?.openAt(monotonic()) ?? [],
  }
}

/** Without its model a payment may be judged more mildly than with it: nobody knows, so it is said. */
export const withoutModel = (assessed: Assessed): Assessed =>
  assessed.outcome === 'BLOCK' || assessed.exceptions.includes('kill_switch')
    ? assessed
    : { ...assessed, exceptions: [...assessed.exceptions, 'kill_switch'] }
