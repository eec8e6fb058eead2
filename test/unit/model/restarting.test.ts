import { describe, expect, it } from 'vitest'
import { createRestarting, type ThreadScorer } from '../../../src/model/restarting.ts'

const rows = [new Float64Array(1)]

/** A thread that scores its number, until it is ended. */
const threadOf = (score: number) => {
  const state = { gone: false, disposed: 0, broken: false }
  const refuse = (): never => {
    throw new Error(`thread ${score} ${state.gone ? 'is gone' : 'cannot'}`)
  }
  const scorer: ThreadScorer = {
    model: 'm/1',
    engine: { backend: 'cpu', version: '1' },
    reasonCodes: [],
    score: () => (state.gone || state.broken ? refuse() : Float64Array.of(score)),
    explain: () => [],
    tensorCount: () => 0,
    isGone: () => state.gone,
    dispose: () => void state.disposed++,
  }
  return { scorer, state }
}

const scene = () => {
  const waiting: {
    readonly resolve: (next: ThreadScorer) => void
    readonly reject: (error: Error) => void
  }[] = []
  const timers: (() => void)[] = []
  const first = threadOf(0.1)
  const scorer = createRestarting({
    first: first.scorer,
    open: () => new Promise((resolve, reject) => waiting.push({ resolve, reject })),
    later: (call) => timers.push(call),
  })
  return { first, scorer, waiting, timers }
}
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('a scorer whose thread ends', () => {
  it('fails until another thread is ready, and scores again then; the old one is let go', async () => {
    const { first, scorer, waiting } = scene()
    first.state.gone = true
    for (let call = 0; call < 3; call++) expect(() => scorer.score(rows)).toThrow('thread 0.1 is gone')
    expect(waiting).toHaveLength(1)
    waiting[0]?.resolve(threadOf(0.2).scorer)
    await settled()
    expect(scorer.score(rows)).toEqual(Float64Array.of(0.2))
    expect(first.state.disposed).toBe(1)
  })

  it('says why it does not come back, and tries again later', async () => {
    const { first, scorer, waiting, timers } = scene()
    first.state.gone = true
    expect(() => scorer.score(rows)).toThrow('is gone')
    waiting[0]?.reject(new Error('no memory'))
    await settled()
    expect(() => scorer.score(rows)).toThrow('thread 0.1 is gone; it could not be started again: no memory')
    expect([waiting.length, timers.length]).toEqual([1, 1])
    timers[0]?.()
    waiting[1]?.resolve(threadOf(0.3).scorer)
    await settled()
    expect(scorer.score(rows)).toEqual(Float64Array.of(0.3))
  })

  it('stays as it is where only a call failed', () => {
    const { first, scorer, waiting } = scene()
    first.state.broken = true
    expect(() => scorer.score(rows)).toThrow('cannot')
    expect(waiting).toEqual([])
  })

  it('does not come back once it is disposed of, and lets go of a thread that comes too late', async () => {
    const { first, scorer, waiting } = scene()
    first.state.gone = true
    expect(() => scorer.score(rows)).toThrow('is gone')
    scorer.dispose()
    const late = threadOf(0.2)
    waiting[0]?.resolve(late.scorer)
    await settled()
    expect(late.state.disposed).toBe(1)
    expect(() => scorer.score(rows)).toThrow('is gone')
    expect(waiting).toHaveLength(1)
  })
})
