import { readFile } from 'node:fs/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { policyDeps } from '../../../../src/compose/policyDeps.ts'
import { compilePolicy } from '../../../../src/decision/policy.ts'
import type { Audit } from '../../../../src/domain/audit.ts'
import { bindRecorded } from '../../../../src/offline/audit/recordedGuards.ts'
import { redecide, scoredOf, type Redecider } from '../../../../src/offline/audit/redecide.ts'
import { createPolicyDiff } from '../../../../src/offline/audit/policyDiff.ts'
import { createPolicySide } from '../../../../src/offline/audit/policySide.ts'
import { anAudit } from '../../../support/audited.ts'

const text = await readFile('models/policy.yaml', 'utf8')
const policy = compilePolicy(text, policyDeps)
const names = policy.features
const index = new Map(names.map((name, at) => [name, at]))

const sigmoidOf = (row: ArrayLike<number>, weight: number): number => {
  const first = row[0] ?? NaN
  return 1 / (1 + Math.exp(-weight * (Number.isNaN(first) ? 0.5 : first % 7)))
}

const ours = policy.bind(index)
const again = bindRecorded(policy, index)

const redeciderOf = (policyText = text, weight = 1): Redecider => ({
  featureNames: names,
  assessor: policyText === text ? again : bindRecorded(compilePolicy(policyText, policyDeps), index),
  modelOf: (model) =>
    model === 'm/1'
      ? {
          tolerance: 0,
          score: ({ features }) => sigmoidOf(features, weight),
          explain: (assessed) => assessed,
        }
      : null,
})

/** Decides as the processor does, and records it. */
const decided = (row: readonly number[], over: Partial<Audit> = {}): Audit => {
  const probability = sigmoidOf(row, 1)
  const blank = anAudit('pay-1', 'm/1', { probability, outcome: 'ALLOW' }, {}, row)
  const audit = { ...blank, ...over }
  const { outcome, riskLevel, reasons, stepUpMethod, exceptions } = ours.assess(scoredOf(audit))
  return { ...audit, decision: { ...audit.decision, outcome, riskLevel, reasons, stepUpMethod, exceptions } }
}

const anyRow = fc.array(
  fc.oneof(fc.constantFrom(0, 1, NaN), fc.double({ min: 0, max: 100_000, noNaN: true })),
  { minLength: names.length, maxLength: names.length },
)

describe('a decision made again', () => {
  it('is the same, for any payment', () => {
    fc.assert(
      fc.property(anyRow, fc.subarray(['device', 'rates', 'threat-intel']), (row, degraded) => {
        expect(redecide(decided(row, { degraded }), redeciderOf())).toEqual({ kind: 'same', isScored: true })
      }),
    )
  })

  it('differs at the probability where the model is another', () => {
    fc.assert(
      fc.property(anyRow, (row) => {
        fc.pre(sigmoidOf(row, 1) !== sigmoidOf(row, 1.01))
        expect(redecide(decided(row), redeciderOf(text, 1.01))).toMatchObject({
          kind: 'differs',
          stage: 'probability',
        })
      }),
    )
  })

  it('differs at the outcome where a threshold was moved past it, and is the same elsewhere', () => {
    const stricter = text.replaceAll(/block: 0\.\d+/g, 'block: 0').replaceAll(/stepUp: 0\.\d+/g, 'stepUp: 0')
    const quiet = names.map(() => NaN)
    const audit = decided(quiet, {
      decision: { ...anAudit('pay-1', 'm/1', { probability: 0.01, outcome: 'ALLOW' }, {}).decision },
    })
    const recorded = { ...audit, decision: { ...audit.decision, probability: 0.01 } }
    const withoutModel = { ...redeciderOf(stripCases(stricter)), modelOf: () => null }
    expect(redecide(recorded, withoutModel)).toMatchObject({
      kind: 'differs',
      stage: 'outcome',
      again: 'BLOCK',
    })
  })

  it('differs at the features, the reasons or the step-up where those were changed in the record', () => {
    const row = names.map((name) => (name === 'device.health.remote_access' ? 1 : 0))
    const audit = decided(row)
    expect(audit.decision.outcome).not.toBe('ALLOW')
    const changed = (decision: Partial<Audit['decision']>): Audit => ({
      ...audit,
      decision: { ...audit.decision, ...decision },
    })
    expect(redecide({ ...audit, features: [1] }, redeciderOf())).toMatchObject({ stage: 'features' })
    expect(redecide(changed({ reasons: [] }), redeciderOf())).toMatchObject({ stage: 'reasons' })
    expect(redecide(changed({ stepUpMethod: 'UNKNOWN' }), redeciderOf())).toMatchObject({
      stage: 'stepUpMethod',
    })
    expect(redecide(changed({ exceptions: ['allow_list:x'] }), redeciderOf())).toMatchObject({
      stage: 'exceptions',
    })
  })

  it('is the same where the deadline passed between its assessment and its answer, and where it had before', () => {
    const strict = text.replace(/^late: ALLOW$/m, 'late: BLOCK')
    expect(strict).not.toBe(text)
    const row = names.map(() => 0)
    const inTime = decided(row)
    expect(inTime.decision).toMatchObject({ outcome: 'STEP_UP', late: false })
    const recordedLate = { ...inTime, decision: { ...inTime.decision, late: true } }
    expect(redecide(recordedLate, redeciderOf(strict))).toEqual({ kind: 'same', isScored: true })

    const judged = compilePolicy(strict, policyDeps).bind(index).assess(scoredOf(recordedLate))
    expect(judged.outcome).toBe('BLOCK')
    const { outcome, riskLevel, reasons, stepUpMethod, exceptions } = judged
    const late = {
      ...recordedLate,
      decision: { ...recordedLate.decision, outcome, riskLevel, reasons, stepUpMethod, exceptions },
    }
    expect(redecide(late, redeciderOf(strict))).toEqual({ kind: 'same', isScored: true })
    const allowed = { ...late, decision: { ...late.decision, outcome: 'ALLOW' as const } }
    expect(redecide(allowed, redeciderOf(strict))).toMatchObject({ stage: 'outcome' })
    // What was in time has no part in it.
    const claimed = { ...late, decision: { ...late.decision, late: false } }
    expect(redecide(claimed, redeciderOf(strict))).toMatchObject({ stage: 'outcome' })
  })

  it('may be milder by what a kill switch did, and never stricter', () => {
    const audit = decided(names.map((name) => (name === 'device.health.remote_access' ? 1 : 0)))
    const softened = {
      ...audit,
      decision: { ...audit.decision, outcome: 'ALLOW', exceptions: ['kill_switch'] },
    }
    expect(redecide(softened as Audit, redeciderOf())).toMatchObject({ kind: 'same' })
    const quiet = decided(names.map(() => 0))
    expect(quiet.decision.outcome).not.toBe('BLOCK')
    const hardened = {
      ...quiet,
      decision: { ...quiet.decision, outcome: 'BLOCK', exceptions: ['kill_switch'] },
    }
    expect(redecide(hardened as Audit, redeciderOf())).toMatchObject({ stage: 'exceptions' })
  })

  it('cannot be made without its features or its bundle', () => {
    const audit = decided(names.map(() => 0))
    expect(redecide({ ...audit, features: [] }, redeciderOf())).toEqual({
      kind: 'undecided',
      why: 'NO_FEATURES',
    })
    expect(redecide(audit, null)).toEqual({ kind: 'undecided', why: 'BUNDLE_UNKNOWN' })
  })
})

/** The self-tests of a policy that was changed do not hold any more. */
const stripCases = (policyText: string): string =>
  policyText.replace(/^cases:[\s\S]*$/m, '').replaceAll(/^ {4}cases:\n(?: {6}.*\n)+/gm, '')

describe('two policies over the same records', () => {
  const stricter = compilePolicy(
    stripCases(text)
      .replaceAll(/stepUp: 0\.\d+/g, 'stepUp: 0')
      .replaceAll(/block: 0\.\d+/g, 'block: 0'),
    policyDeps,
  )

  it('differ for exactly those whom each decides differently by itself', () => {
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 10 }), (rows) => {
        const audits = rows.map((row, i) => {
          const audit = decided(row)
          return { ...audit, payment: { ...audit.payment, paymentId: `pay-${i}` } }
        })
        const diff = createPolicyDiff({
          old: createPolicySide(policy, new Set()),
          new: createPolicySide(stricter, new Set()),
          namesOf: () => names,
          examplesAtMost: 100,
        })
        for (const audit of audits) diff.add(audit)
        const by = stricter.bind(index)
        const expected = audits.filter(
          (audit) => by.assess(scoredOf(audit)).outcome !== audit.decision.outcome,
        )
        const result = diff.result()
        expect(result.examples.map(({ paymentId }) => paymentId)).toEqual(
          expected.map(({ payment }) => payment.paymentId),
        )
        expect(result).toMatchObject({ payments: audits.length, recordedOtherwise: 0 })
        for (const { because } of result.examples) expect(because.join()).toMatch(/threshold/)
      }),
      { numRuns: 30 },
    )
  })

  it('say which features a record does not hold, and count them as not known', () => {
    const audit = decided(names.map(() => 0))
    const diff = createPolicyDiff({
      old: createPolicySide(policy, new Set()),
      new: createPolicySide(policy, new Set()),
      namesOf: () => names.slice(1),
      examplesAtMost: 1,
    })
    diff.add({ ...audit, features: audit.features.slice(1) })
    expect(diff.result().unheld).toEqual({ payments: 1, features: [names[0]] })
  })
})
