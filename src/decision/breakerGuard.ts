import type { Scored } from '../domain/decision.ts'
import type { Breaker, BlockOrigin } from './breaker.ts'
import type { Ground } from './ground.ts'
import type { Guard } from './guard.ts'

const originOf = ({ origin }: Ground, { model }: Scored): BlockOrigin | null => {
  if (origin.part === 'rule') return `rule:${origin.id}`
  return origin.part === 'threshold' && model !== null ? `model:${model}` : null
}

/**
 * A BLOCK of an origin whose breaker is open counts as STEP_UP.
 * @param never ids of rules that no breaker holds back
 * @param monotonic milliseconds that never step back
 */
export const createBreakerGuard = (
  breaker: Pick<Breaker, 'seeBlock'>,
  never: ReadonlySet<string>,
  monotonic: () => number,
): Guard => {
  const countedAs = (ground: Ground, scored: Scored): BlockOrigin | null =>
    ground.outcome !== 'BLOCK' || (ground.origin.part === 'rule' && never.has(ground.origin.id))
      ? null
      : originOf(ground, scored)

  return (scored, grounds) => {
    const now = monotonic()
    const blocking = new Set(grounds.flatMap((ground) => countedAs(ground, scored) ?? []))
    const open = [...blocking].filter((origin) => breaker.seeBlock(origin, scored.payment.accountId, now))
    if (open.length === 0) return null
    const left = grounds.map((ground): Ground => {
      const origin = countedAs(ground, scored)
      return origin === null || !open.includes(origin) ? ground : { ...ground, outcome: 'STEP_UP' }
    })
    return {
      grounds: left,
      exceptions: open.map((origin) => ({ name: `breaker:${origin}`, overrules: 'BLOCK' })),
    }
  }
}
