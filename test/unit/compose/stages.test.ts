import { expect, test } from 'vitest'
import { nothingSeen } from '../../../src/domain/seen.ts'
import { composeStages, type StageDeps } from '../../../src/compose/stages.ts'
import type { Refused } from '../../../src/domain/received.ts'
import { lagBit, nothingLags } from '../../../src/features/degraded.ts'
import { recalledOf } from '../../support/histories.ts'
import { complete, self } from '../../support/pasts.ts'
import { aReceived } from '../../support/payments.ts'

test('what lagged before the histories were read counts, also where it was caught up while they were', async () => {
  const lag = lagBit('account-events')
  const recalled = recalledOf(self(), [], complete)
  let lagging = lag
  const told: number[] = []
  const unused = (): never => {
    throw new Error('not a part of this')
  }
  const deps: Pick<StageDeps, 'decisions' | 'lagging' | 'now' | 'deadlineMs' | 'feedbackKey'> & {
    readonly engine: () => Pick<ReturnType<StageDeps['engine']>, 'enrich'>
    readonly histories: Pick<StageDeps['histories'], 'remember'>
  } = {
    decisions: { encode: unused, decode: unused },
    lagging: () => lagging,
    now: () => 0,
    deadlineMs: 1,
    feedbackKey: Buffer.alloc(32),
    histories: {
      remember: () => {
        lagging = nothingLags
        return Promise.resolve([recalled])
      },
    },
    engine: () => ({
      enrich: (given, late, missed) => {
        told.push(missed)
        return {
          ...given.received,
          features: new Float64Array(0),
          degraded: [],
          late,
          protection: { level: 'FULL', reasons: [] },
          seen: nothingSeen,
          listed: [],
        }
      },
    }),
  }
  const stages = composeStages(deps as unknown as StageDeps)
  const batch = (): ReturnType<typeof stages.recall> => stages.recall([recalled.received])
  for (const each of [...(await batch()), ...(await batch())]) stages.deciding().enrich(each)
  expect(told).toEqual([lag, nothingLags])
})

test('each micro-batch is decided by the engine of its time, to the end', () => {
  const engines = ['before', 'after'].map((bundleHash) => ({ bundleHash }))
  let [current] = engines
  const deps = {
    decisions: {},
    engine: () => current,
    feedbackKey: Buffer.alloc(32),
    histories: {},
  } as unknown as StageDeps
  const stages = composeStages(deps)
  const first = stages.deciding()
  expect(stages.deciding()).toBe(first)
  current = engines[1]
  expect(stages.deciding().bundleHash).toBe('after')
  expect(first.bundleHash).toBe('before')
})

test('a record that is no payment is answered, unless what stands in decisions for its offset answers its own id', () => {
  const deps = {
    decisions: {
      encode: () => Buffer.from('new'),
      decode: (bytes: Buffer) => ({ paymentId: String(bytes) }),
    },
    engine: () => ({ bundleHash: 'b', assessInvalid: () => ({ outcome: 'BLOCK', reasons: [] }) }),
    published: () => Buffer.from('pay-1'),
    now: () => 0,
    validityMs: 1,
    feedbackKey: Buffer.alloc(32),
    histories: {},
  } as unknown as StageDeps
  const { answerRefused } = composeStages(deps).deciding()
  const refused: Refused = {
    source: aReceived().source,
    key: null,
    bytes: null,
    byteLength: 0,
    reason: 'MALFORMED',
    detail: '',
    field: null,
    paymentId: 'pay-1',
    attempt: 1,
    accountId: null,
    enteredAt: 0,
  }
  expect(answerRefused(refused)).toBeNull()
  // The topic was made anew: another record had this one's offset.
  expect(answerRefused({ ...refused, paymentId: 'pay-2' })?.bytes.toString()).toBe('new')
})
