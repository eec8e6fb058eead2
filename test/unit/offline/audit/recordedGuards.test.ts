import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { guardDeciding } from '../../../../src/compose/guardDeciding.ts'
import type { KillSwitch } from '../../../../src/decision/killSwitch.ts'
import type { Audit } from '../../../../src/domain/audit.ts'
import type { Assessed, Scored } from '../../../../src/domain/decision.ts'
import { bindRecorded } from '../../../../src/offline/audit/recordedGuards.ts'
import { redecide, type Redecided, type Redecider } from '../../../../src/offline/audit/redecide.ts'
import { anAudit } from '../../../support/audited.ts'
import {
  anyOrder,
  anyPayments,
  anyPolicy,
  compileAny,
  guardsOf,
  names,
  slots,
  type AnyPayment,
  type AnyPolicy,
} from '../../decision/anyPolicy.ts'
import { scoredWith } from '../../decision/scored.ts'

/** What an instance decides of one payment after the other, recorded as it does. */
const recordedRun = (
  policy: AnyPolicy,
  order: KillSwitch | null,
  payments: readonly AnyPayment[],
  areReused: readonly boolean[],
): readonly Audit[] => {
  const compiled = compileAny(policy)
  const guards = guardsOf(compiled, order)
  const assessor = compiled.bind(slots, guards.guards)
  const { score, assess } = guardDeciding(guards, assessor.assess, {
    score: (enriched) => enriched as readonly Scored[],
    explain: (assessed) => assessed,
  })
  return payments.flatMap((given, i) =>
    score([scoredWith(slots, given)]).map((scored) => {
      const assessed = assess(scored)
      return auditOf(areReused[i] === true ? assessor.assessReused(assessed) : assessed)
    }),
  )
}

const auditOf = (assessed: Assessed): Audit => {
  const blank = anAudit(assessed.payment.paymentId, 'a-model/1', { probability: 0, outcome: 'ALLOW' }, {})
  const { payment, effectiveAt, features, degraded, listed } = assessed
  return {
    ...blank,
    payment,
    effectiveAt,
    features: [...features],
    degraded,
    listed,
    decision: {
      ...blank.decision,
      contentHash: assessed.contentHash,
      late: assessed.late,
      model: assessed.model,
      probability: Number.isNaN(assessed.probability) ? null : assessed.probability,
      outcome: assessed.outcome,
      riskLevel: assessed.riskLevel,
      reasons: assessed.reasons,
      stepUpMethod: assessed.stepUpMethod,
      exceptions: assessed.exceptions,
      protectionLevel: assessed.protection.level,
      protectionReasons: assessed.protection.reasons,
    },
  }
}

/** A model that says what it said: what is tested here is what comes after it. */
const redeciderBy = (policy: AnyPolicy) => {
  const assessor = bindRecorded(compileAny(policy), slots)
  return (audit: Audit): Redecider => ({
    featureNames: names,
    assessor,
    modelOf: () => ({
      tolerance: 0,
      score: () => audit.decision.probability ?? NaN,
      explain: (assessed) => assessed,
    }),
  })
}

const kindsOf = ({ decision }: Audit): readonly string[] =>
  decision.exceptions.map((each) => each.split(':', 1).join())

describe('a run with lists, confirmations, breakers, a kill switch and a control group in it', () => {
  it('is decided again as it was, every payment of it', () => {
    const seen = new Map<string, number>()
    fc.assert(
      fc.property(
        anyPolicy,
        anyOrder,
        anyPayments,
        fc.array(fc.boolean(), { maxLength: 5 }),
        (policy, order, payments, areReused) => {
          const redeciderOf = redeciderBy(policy)
          for (const audit of recordedRun(policy, order, payments, areReused)) {
            expect(redecide(audit, redeciderOf(audit))).toEqual<Redecided>({
              kind: 'same',
              isScored: true,
            })
            const confirmed = audit.decision.reasons.some(({ code }) => code === 'STEP_UP_CONFIRMED')
            for (const kind of [...kindsOf(audit), ...(confirmed ? ['confirmed'] : [])])
              seen.set(kind, (seen.get(kind) ?? 0) + 1)
          }
        },
      ),
      { numRuns: 200 },
    )
    for (const kind of ['allow_list', 'snooze', 'breaker', 'kill_switch', 'control_group', 'confirmed'])
      expect(seen.get(kind) ?? 0, kind).toBeGreaterThan(0)
  }, 120_000)

  it('differs where a breaker or the control group is named that had nothing to soften, or one is not named', () => {
    fc.assert(
      fc.property(anyPolicy, anyPayments, (policy, payments) => {
        const redeciderOf = redeciderBy(policy)
        for (const audit of recordedRun(policy, null, payments, [])) {
          const kinds = kindsOf(audit)
          if (kinds.every((kind) => ['allow_list', 'snooze'].includes(kind))) continue
          const unnamed = { ...audit, decision: { ...audit.decision, exceptions: [] } }
          expect(redecide(unnamed, redeciderOf(audit)).kind).toBe('differs')
          const forged = audit.decision.outcome === 'ALLOW' ? 'STEP_UP' : 'ALLOW'
          const other: Audit = { ...audit, decision: { ...audit.decision, outcome: forged } }
          expect(redecide(other, redeciderOf(audit)).kind).toBe('differs')
        }
      }),
      { numRuns: 40 },
    )
  })
})
