import type { Scored } from '../domain/decision.ts'
import type { Exception, Ground, Softened } from './ground.ts'
import type { Judge } from './judge.ts'

/** Looks at what stands against a payment, and may make it milder; null: leaves it as it is. */
export type Guard = (scored: Scored, grounds: readonly Ground[]) => Softened | null

/** What is put in the way of a policy, and is no part of it. */
export type Guards = {
  readonly soften: Guard
  /** Adds what an operator demands of every payment. */
  readonly demand: Judge
}

export type GuardsInOrder = Readonly<Record<'breaker' | 'killSwitch' | 'controlGroup', Guard | null>>

/**
 * What may make a decision softer once the policy has judged and its lists have spoken: the breaker, then the kill
 * switch, then the control group. Each sees what the one before has left. Nothing else does.
 */
export const inOrder = ({ breaker, killSwitch, controlGroup }: GuardsInOrder): Guard => {
  const guards = [breaker, killSwitch, controlGroup].filter((guard) => guard !== null)
  return (scored, given) => {
    let grounds = given
    const exceptions: Exception[] = []
    for (const guard of guards) {
      const softened = guard(scored, grounds)
      if (softened === null) continue
      grounds = softened.grounds
      exceptions.push(...softened.exceptions)
    }
    return grounds === given ? null : { grounds, exceptions }
  }
}
