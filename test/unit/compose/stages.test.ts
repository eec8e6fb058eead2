import { expect, test } from 'vitest'
import { composeStages, type StageDeps } from '../../../src/compose/stages.ts'
import { lagBit, nothingLags } from '../../../src/features/degraded.ts'
import { recalledOf } from '../../support/histories.ts'
import { complete, self } from '../../support/pasts.ts'

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
