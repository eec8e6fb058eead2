import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { createSecondOpinions } from '../../../src/compose/secondOpinions.ts'
import type { Scored } from '../../../src/domain/decision.ts'
import type { ShadowScorer } from '../../../src/model/shadowScorer.ts'
import { anAssessed } from '../../support/payments.ts'

type Score = (rows: readonly Float64Array[]) => Promise<Float64Array>

const shadow = (model: string, score: Score): ShadowScorer => ({
  model,
  engine: { backend: 'wasm', version: '1' },
  reasonCodes: [],
  score,
  dispose: () => undefined,
})
const always =
  (probability: number): Score =>
  (rows) =>
    Promise.resolve(new Float64Array(rows.length).fill(probability))

/** A policy of one threshold. */
const assess = (scored: Scored) =>
  anAssessed({ ...scored, outcome: scored.probability >= 0.5 ? 'BLOCK' : 'ALLOW' })

const asking = (
  models: readonly ShadowScorer[],
  { budgetMs = 1_000, now = 5 } = {},
  time: { readonly now: number } = { now },
) => {
  const told: string[] = []
  const ask = createSecondOpinions({
    models,
    assess,
    budgetMs,
    monotonic: () => time.now,
    observer: {
      countPayments: (result, payments) => payments > 0 && told.push(`${result} ${payments}`),
      countOpinion: (model, decided, opinion) => told.push(`${model}: ${decided} ${opinion}`),
      observeCall: () => undefined,
      onFailure: (model, error) => told.push(`${model}: ${String(error)}`),
    },
  })
  return { ask, told }
}

const payment = anAssessed({ model: 'm/1', outcome: 'ALLOW' })

describe('second opinions', () => {
  it('are those of every model that did not decide the payment, in both directions', async () => {
    const { ask, told } = asking([shadow('m/1', always(0.1)), shadow('m/2', always(0.9))])
    const byCanary = anAssessed({ model: 'm/2', outcome: 'BLOCK' })
    expect(await ask([payment, byCanary])).toEqual([
      [{ model: 'm/2', probability: 0.9, outcome: 'BLOCK', scoreMicros: 0 }],
      [{ model: 'm/1', probability: 0.1, outcome: 'ALLOW', scoreMicros: 0 }],
    ])
    expect(told.toSorted()).toEqual(['m/1: BLOCK ALLOW', 'm/2: ALLOW BLOCK', 'scored 1', 'scored 1'])
  })

  it('never change what was decided', async () => {
    const frozen = Object.freeze({ ...payment })
    const { ask } = asking([shadow('m/2', always(0.9))])
    await ask([frozen])
    expect(frozen).toEqual(payment)
  })

  it('are null where a model could not score: not known, never 0', async () => {
    const { ask, told } = asking([shadow('m/2', always(NaN))])
    expect(await ask([payment])).toEqual([
      [{ model: 'm/2', probability: null, outcome: 'ALLOW', scoreMicros: 0 }],
    ])
    expect(told).toContain('failed 1')
  })

  it('are asked for nothing that was decided with the model off: the order is that no model is asked', async () => {
    const rows: number[] = []
    const counting = shadow('m/2', (given) => {
      rows.push(given.length)
      return always(0.9)(given)
    })
    const { ask, told } = asking([counting])
    expect(await ask([anAssessed({ model: null, outcome: 'ALLOW' })])).toEqual([[]])
    expect(rows).toEqual([])
    expect(told).toEqual(['shed 1'])
  })

  it('are asked for nothing that they are left out of, as its decision says: the model is not called for it', async () => {
    const rows: number[] = []
    const counting = shadow('m/2', (given) => {
      rows.push(given.length)
      return always(0.9)(given)
    })
    const { ask, told } = asking([counting])
    const without = anAssessed({ model: 'm/1', shed: ['challengers'] })
    const opinions = await ask([without, payment, without])
    expect(opinions.map(({ length }) => length)).toEqual([0, 1, 0])
    expect(await ask([without])).toEqual([[]])
    expect(rows).toEqual([1])
    expect(told.filter((each) => each.startsWith('shed'))).toEqual(['shed 2', 'shed 1'])
  })

  it('are missing where a model fails, and the others go on', async () => {
    const broken = shadow('m/2', () => Promise.reject(new Error('no')))
    const { ask, told } = asking([broken, shadow('m/3', always(0.1))])
    const [opinions] = await ask([payment])
    expect(opinions?.map(({ model }) => model)).toEqual(['m/3'])
    expect(told).toEqual(expect.arrayContaining(['failed 1', 'm/2: Error: no', 'scored 1']))
  })

  it('of micro-batches that come together are asked for one after the other', async () => {
    let running = 0
    let most = 0
    const counting = shadow('m/2', async (rows) => {
      most = Math.max(most, ++running)
      await Promise.resolve()
      running--
      return always(0.9)(rows)
    })
    const { ask, told } = asking([counting])
    const opinions = await Promise.all([ask([payment]), ask([payment]), ask([payment])])
    expect(opinions.map(([first]) => first?.length)).toEqual([1, 1, 1])
    expect(most).toBe(1)
    expect(told.filter((each) => each === 'scored 1')).toHaveLength(3)
  })

  it('are not waited for beyond the budget; a model that hangs is left out until it answers', async () => {
    let asked = 0
    let answer: (scores: Float64Array) => void = () => undefined
    const slow = shadow('m/2', (rows) =>
      ++asked === 1 ? new Promise((resolve) => (answer = resolve)) : always(0.9)(rows),
    )
    const time = { now: 5 }
    const { ask, told } = asking([slow], { budgetMs: 5 }, time)
    // The second one waits for its turn, and is given up before it comes.
    expect(await Promise.all([ask([payment]), ask([payment])])).toEqual([[[]], [[]]])
    time.now = 11
    const later = anAssessed({ model: 'm/1', enteredAt: 11 })
    expect(await ask([later])).toEqual([[]])
    expect(told).toEqual(['slow 1', 'slow 1', 'shed 1'])
    answer(Float64Array.of(0.9))
    await nextTurn()
    expect((await ask([later]))[0]).toHaveLength(1)
    expect(asked).toBe(2)
  })
})
