import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SluiceError } from '../../../src/errors.ts'
import { createRegistry, type Registry, type SwapEvent } from '../../../src/model/registry.ts'

type Fake = { readonly bundleHash: string; readonly dispose: () => void }

/** A registry whose folder offers what the test says, and the bundles that are alive. */
const scene = () => {
  let offered: string | SluiceError = 'a'
  let unready: Error | null = null
  let clock = 0
  let onProbation = false
  const alive: string[] = []
  const events: SwapEvent[] = []
  const registry: Registry<Fake> = createRegistry<Fake>({
    now: () => ++clock,
    observe: (event) => events.push(event),
    isOnProbation: () => onProbation,
    read: () =>
      typeof offered === 'string'
        ? Promise.resolve({
            bundleHash: offered,
            makeReady: async () => {
              if (unready !== null) throw unready
              const bundleHash = String(offered)
              alive.push(bundleHash)
              return { bundleHash, dispose: () => void alive.splice(alive.indexOf(bundleHash), 1) }
            },
          })
        : Promise.reject(offered),
  })
  return {
    registry,
    alive,
    events,
    putOnProbation: (is: boolean) => void (onProbation = is),
    results: () => events.map(({ result }) => result),
    offer: async (what: string | SluiceError, problem: Error | null = null): Promise<void> => {
      offered = what
      unready = problem
      await registry.offer()
    },
  }
}

describe('the registry', () => {
  it('has nothing before the first bundle, and says why', async () => {
    const { registry, offer } = scene()
    await offer(new SluiceError('MODEL_INVALID', 'no such file'))
    expect(registry.current()).toBeNull()
    expect(registry.standing()).toMatchObject({
      bundleHash: null,
      problem: { result: 'model_invalid', reason: 'no such file' },
    })
  })

  it('keeps the bundle before, ready, and disposes of older ones', async () => {
    const { registry, alive, offer } = scene()
    for (const hash of ['a', 'b', 'c']) await offer(hash)
    expect(alive).toEqual(['b', 'c'])
    expect(registry.standing()).toMatchObject({ bundleHash: 'c', previousHash: 'b' })
  })

  it('goes back to the last bundle that proved itself, whatever was offered in between', async () => {
    const { registry, alive, offer, putOnProbation } = scene()
    await offer('good')
    for (const hash of ['bad', 'worse']) {
      await offer(hash)
      putOnProbation(true)
    }
    expect(alive).toEqual(['good', 'worse'])
    expect(registry.withdraw('it blocks everybody')).toBe(true)
    expect(registry.current()?.bundleHash).toBe('good')
    expect(alive).toEqual(['good'])
  })

  it('takes the bundle before without making it ready again', async () => {
    const { registry, alive, offer } = scene()
    await offer('a')
    const a = registry.current()
    await offer('b')
    await offer('a', new Error('must not be made ready'))
    expect(registry.current()).toBe(a)
    expect(alive.toSorted()).toEqual(['a', 'b'])
  })

  it('keeps what decides when the bundle is read but cannot be made ready', async () => {
    const { registry, results, offer } = scene()
    await offer('a')
    await offer('b', new SluiceError('MODEL_UNVERIFIED', 'golden vector 0', { cause: new Error('deeper') }))
    expect(registry.current()?.bundleHash).toBe('a')
    expect(results()).toEqual(['swapped', 'model_unverified'])
    expect(registry.standing().problem).toMatchObject({ reason: 'golden vector 0: deeper' })
  })

  it('forgets the problem when the folder offers what decides', async () => {
    const { registry, events, offer } = scene()
    await offer('a')
    await offer('b', new Error('out of memory'))
    expect(registry.standing().problem?.result).toBe('failed')
    await offer('a')
    expect(registry.standing().problem).toBeNull()
    expect(events).toHaveLength(2)
  })

  it('tells once what is wrong, however often it is offered', async () => {
    const { results, offer } = scene()
    await offer('a')
    for (let i = 0; i < 3; i++) await offer('b', new SluiceError('POLICY_INVALID', 'rule x'))
    await offer('b', new SluiceError('POLICY_INVALID', 'rule y'))
    expect(results()).toEqual(['swapped', 'policy_invalid', 'policy_invalid'])
  })

  it('goes back at once, and does not take the same bundle again while it is offered', async () => {
    const { registry, alive, results, offer } = scene()
    await offer('a')
    await offer('b')
    expect(registry.withdraw('too many unscored')).toBe(true)
    expect(registry.current()?.bundleHash).toBe('a')
    expect(alive).toEqual(['a'])
    await offer('b')
    expect(registry.current()?.bundleHash).toBe('a')
    expect(results()).toEqual(['swapped', 'swapped', 'withdrawn', 'withheld'])
    expect(registry.standing()).toMatchObject({
      withdrawn: { bundleHash: 'b', reason: 'too many unscored' },
      problem: { result: 'withheld', reason: 'it was withdrawn: too many unscored' },
    })
  })

  it('takes a withdrawn bundle again once another was offered', async () => {
    const { registry, offer } = scene()
    for (const hash of ['a', 'b']) await offer(hash)
    registry.withdraw('slow')
    await offer('a')
    expect(registry.standing().withdrawn).toBeNull()
    await offer('b')
    expect(registry.current()?.bundleHash).toBe('b')
  })

  it('has nowhere to go back to with its first bundle, nor twice', async () => {
    const { registry, offer } = scene()
    await offer('a')
    expect(registry.withdraw('slow')).toBe(false)
    await offer('b')
    expect(registry.withdraw('slow')).toBe(true)
    expect(registry.withdraw('slow')).toBe(false)
    expect(registry.current()?.bundleHash).toBe('a')
  })

  it('never holds more than two bundles, and what decides is one of them, whatever happens', async () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('offer'), hash: fc.constantFrom('a', 'b', 'c'), fails: fc.boolean() }),
      fc.record({
        kind: fc.constantFrom('prove', 'doubt'),
        hash: fc.constant(''),
        fails: fc.constant(false),
      }),
      fc.record({ kind: fc.constant('withdraw'), hash: fc.constant(''), fails: fc.constant(false) }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const { registry, alive, offer, putOnProbation } = scene()
        for (const { kind, hash, fails } of steps) {
          const before = registry.current()?.bundleHash
          if (kind === 'withdraw') registry.withdraw('because')
          else if (kind !== 'offer') putOnProbation(kind === 'doubt')
          else await offer(hash, fails ? new Error('no') : null)
          const { bundleHash, previousHash } = registry.standing()
          const held = [bundleHash, previousHash].filter((each) => each !== null)
          expect(alive.toSorted()).toEqual(held.toSorted())
          if (before !== undefined) expect(bundleHash).not.toBeNull()
        }
        registry.close()
        expect(alive).toEqual([])
      }),
    )
  })
})
