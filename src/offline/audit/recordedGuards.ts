import type { Assessor } from '../../decision/assess.ts'
import { createBreakerGuard } from '../../decision/breakerGuard.ts'
import { letThrough } from '../../decision/controlGroup.ts'
import type { FeatureIndex } from '../../decision/facts.ts'
import { type Guard, inOrder } from '../../decision/guard.ts'
import { createDemand } from '../../decision/killSwitch.ts'
import type { Policy } from '../../decision/policy.ts'
import type { Assessed, Decision, Scored } from '../../domain/decision.ts'
import type { Outcome } from '../../domain/outcome.ts'

type Recorded = Pick<Decision, 'outcome' | 'reasons' | 'exceptions'>

/** Decides as the policy did beside its guards, as far as the decision tells what they did. */
export type RecordedAssessor = Pick<Assessor, 'assessReused'> & {
  readonly assess: (scored: Scored, recorded: Recorded) => Assessed
}

const holds = ({ reasons }: Recorded, wanted: string): boolean => reasons.some(({ code }) => code === wanted)

/** The least that an operator demanded, where one did: nothing tells it from what else gave as much. */
const demandedIn = (recorded: Recorded): Outcome | null => {
  if (!holds(recorded, 'KILL_SWITCH')) return null
  return recorded.outcome === 'STEP_UP' || holds(recorded, 'NO_SAFE_STEP_UP') ? 'STEP_UP' : 'BLOCK'
}

/** Whether a payment could belong to it was looked at then: rules that a kill switch had off are not on record. */
const controlGroup =
  (isTaken: () => boolean): Guard =>
  (_scored, grounds) =>
    isTaken() ? letThrough(grounds) : null

/** What a kill switch made milder is not done again: the order is not on record. */
export const bindRecorded = (policy: Policy, index: FeatureIndex): RecordedAssessor => {
  let current: Recorded = { outcome: 'ALLOW', reasons: [], exceptions: [] }
  const assessor = policy.bind(index, {
    demand: createDemand(() => ({ atLeast: demandedIn(current) ?? undefined })),
    soften: inOrder({
      breaker: createBreakerGuard(
        { seeBlock: (origin) => current.exceptions.includes(`breaker:${origin}`) },
        policy.neverHeldBack,
        () => 0,
      ),
      killSwitch: null,
      controlGroup: controlGroup(() => current.exceptions.includes('control_group')),
    }),
  })
  return {
    assess: (scored, recorded) => {
      current = recorded
      return assessor.assess(scored)
    },
    assessReused: assessor.assessReused,
  }
}
