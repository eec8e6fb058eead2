import { describe, expect, it } from 'vitest'
import { createUnderWay } from '../../../src/underWay.ts'

const deferred = () => {
  let settle = { resolve: (): void => undefined, reject: (_error: Error): void => undefined }
  const promise = new Promise<void>((resolve, reject) => {
    settle = { resolve, reject }
  })
  return { promise, settle }
}

describe('createUnderWay', () => {
  it('is settled when all that was begun has ended, well or not', async () => {
    const underWay = createUnderWay()
    const [first, second, third] = [deferred(), deferred(), deferred()]
    const results = [first, second, third].map(({ promise }) =>
      underWay.track(promise).then(
        () => 'done',
        () => 'failed',
      ),
    )
    let settled = false
    const all = underWay.settled().then(() => {
      settled = true
    })
    first.settle.resolve()
    second.settle.reject(new Error('refused'))
    await Promise.all(results.slice(0, 2))
    expect(settled).toBe(false)
    third.settle.resolve()
    await all
    expect(await Promise.all(results)).toEqual(['done', 'failed', 'done'])
  })

  it('does not wait for what has ended, nor for what is begun later', async () => {
    const underWay = createUnderWay()
    await underWay.track(Promise.resolve())
    const settled = underWay.settled()
    void underWay.track(deferred().promise)
    await settled
  })
})
