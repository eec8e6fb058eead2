import fc from 'fast-check'
import { expect, test } from 'vitest'
import { entityToken, entityTypes } from '../../../src/domain/entity.ts'
import { outcomes, type Outcome } from '../../../src/domain/outcome.ts'
import type { Received } from '../../../src/domain/received.ts'
import type { Recalled } from '../../../src/features/recalled.ts'
import { aReceived } from '../payments.ts'
import { notesOfHistories } from './notes.ts'
import { seen, type Seen } from './seen.ts'
import { withStoreOf, type CreateStore } from './storeUnderTest.ts'

export const coveredSince = 1_000

const seenBy = (recalled: Recalled | undefined) => recalled?.views.map(seen)

type Entry = { readonly received: Received; readonly outcome: Outcome | null }

/** Histories as plain lists, searched from the beginning each time. */
const createNaiveHistories = () => {
  const logs = new Map<string, Entry[]>()
  const logsOf = ({ payment }: Received) =>
    entityTypes.map((type) => {
      const token = entityToken[type](payment)
      if (token === null) return null
      const key = `${type} ${token}`
      const log = logs.get(key) ?? []
      logs.set(key, log)
      return log
    })
  const same = (a: Received, b: Received): boolean =>
    a.payment.paymentId === b.payment.paymentId &&
    a.payment.attempt === b.payment.attempt &&
    a.contentHash === b.contentHash
  const first = (log: readonly Entry[], received: Received): number =>
    log.findIndex((entry) => entry.outcome === null && same(entry.received, received))

  const add = (received: Received, outcome: Outcome | null): void => {
    for (const log of logsOf(received)) log?.push({ received, outcome })
  }
  return {
    remember: (batch: readonly Received[]) => {
      for (const received of batch) add(received, null)
    },
    conclude: (received: Received, outcome: Outcome) => add(received, outcome),
    seenBy: (received: Received) =>
      logsOf(received).map((log): readonly Seen[] | null => {
        if (log === null) return null
        const before = log.slice(0, first(log, received))
        return before
          .filter((entry, i) => entry.outcome === null && first(before, entry.received) === i)
          .map((entry) => {
            const has = (outcome: Outcome): boolean =>
              before.some((other) => other.outcome === outcome && same(other.received, entry.received))
            const { payment, effectiveAt } = entry.received
            return {
              at: effectiveAt,
              amount: payment.amountMinor,
              allowed: has('ALLOW'),
              blocked: has('BLOCK'),
            }
          })
      }),
  }
}

const contents = ['0001aaaaaaaaaaaa', '0002bbbbbbbbbbbb'] as const

/** Few ids, entities and times, so that repeats, disorder and equal times are common. */
const anyReceived: fc.Arbitrary<Received> = fc
  .record({
    id: fc.nat(12),
    attempt: fc.integer({ min: 1, max: 2 }),
    content: fc.nat(1),
    account: fc.nat(2),
    device: fc.option(fc.nat(2)),
    merchant: fc.option(fc.nat(1)),
    at: fc.integer({ min: 1_000, max: 1_006 }),
    amountMinor: fc.integer({ min: 1, max: 9 }),
    offset: fc.nat(50),
  })
  .map(({ id, attempt, content, account, device, merchant, at, amountMinor, offset }) => ({
    ...aReceived(
      {
        paymentId: `p${id}`,
        attempt,
        accountId: `a${account}`,
        deviceId: device === null ? null : `d${device}`,
        merchantId: merchant === null ? null : `m${merchant}`,
        occurredAt: at,
        amountMinor,
      },
      offset,
    ),
    contentHash: contents[content] ?? contents[0],
  }))

type Step = {
  readonly instance: number
  readonly restart: boolean
  readonly batch: readonly Received[]
  readonly concluded: readonly (Outcome | null)[]
}

const anySteps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    instance: fc.nat(1),
    restart: fc.boolean(),
    batch: fc.array(anyReceived, { maxLength: 6 }),
    concluded: fc.array(fc.constantFrom(null, ...outcomes), { maxLength: 6 }),
  }),
  { maxLength: 12 },
)

/** What any store of histories must do. Resolves `create` anew for each test. */
export const histories = (create: CreateStore, runs: number): void => {
  const withStore = withStoreOf(create)

  test('the first payment of an entity sees an empty history, the second sees the first', () =>
    withStore(async (store) => {
      const instance = store.open()
      const one = aReceived({ paymentId: 'one', occurredAt: 5_000, amountMinor: 7 })
      const two = aReceived({ paymentId: 'two', occurredAt: 6_000, ipAddress: null })
      const [first] = await instance.remember([one])
      const [second] = await instance.remember([two])
      const seenFirst = [{ at: 5_000, amount: 7, allowed: false, blocked: false }]
      expect(seenBy(first)).toEqual([[], null, [], [], [], null])
      expect(seenBy(second)).toEqual([seenFirst, null, seenFirst, null, seenFirst, null])
      expect(second?.coveredSince[0]).toBe(coveredSince)
      expect(second?.device).toBeNull()
      expect(second?.amountBase).toBe(two.payment.amountMinor)
    }))

  test('payments of one batch see each other in their order', () =>
    withStore(async (store) => {
      const batch = [1, 2, 3].map((n) => aReceived({ paymentId: `p${n}`, amountMinor: n }, n))
      const recalled = await store.open().remember(batch)
      expect(recalled.map(({ views }) => views[0]).map(seen)).toMatchObject([
        [],
        [{ amount: 1 }],
        [{ amount: 1 }, { amount: 2 }],
      ])
    }))

  test('a payment that comes again sees what it saw before, not what came between', () =>
    withStore(async (store) => {
      const instance = store.open()
      const again = aReceived({ paymentId: 'again' })
      const before = await instance.remember([aReceived({ paymentId: 'before' }), again])
      await instance.conclude([{ received: again, outcome: 'ALLOW' }])
      await instance.remember([aReceived({ paymentId: 'between' })])
      const after = await instance.remember([again, again])
      expect(after.map(seenBy)).toEqual([seenBy(before[1]), seenBy(before[1])])
    }))

  test('an outcome is seen by later payments only', () =>
    withStore(async (store) => {
      const instance = store.open()
      const one = aReceived({ paymentId: 'one' })
      await instance.remember([one])
      const [before] = await instance.remember([aReceived({ paymentId: 'two' })])
      await instance.conclude([{ received: one, outcome: 'ALLOW' }])
      const [after] = await instance.remember([aReceived({ paymentId: 'three' })])
      expect(seen(before?.views[0])).toMatchObject([{ allowed: false }])
      expect(seen(after?.views[0])).toMatchObject([{ allowed: true }, { allowed: false }])
    }))

  test('an outcome that is known beforehand is seen by the payments after its own, in the same batch too', () =>
    withStore(async (store) => {
      const instance = store.open()
      const [one, two, three] = ['one', 'two', 'three'].map((paymentId) => aReceived({ paymentId }))
      if (one === undefined || two === undefined || three === undefined) throw new Error('three payments')
      const [, second] = await instance.remember([one, two], ['BLOCK', 'ALLOW'])
      const [third] = await instance.remember([three])
      expect(seen(second?.views[0])).toMatchObject([{ allowed: false, blocked: true }])
      expect(seen(third?.views[0])).toMatchObject([{ blocked: true }, { allowed: true, blocked: false }])
    }))

  test('an empty batch is answered', () =>
    withStore(async (store) => {
      expect(await store.open().remember([])).toEqual([])
      await store.open().conclude([])
    }))

  test('a batch of any length is answered in its order', () =>
    withStore(async (store) => {
      const batch = Array.from({ length: 1_300 }, (_, n) =>
        aReceived(
          { paymentId: `p${n}`, accountId: `a${n % 40}`, payeeId: `payee${n}`, amountMinor: n + 1 },
          n,
        ),
      )
      const outcomes = batch.map((_, n) => (n % 3 === 0 ? 'ALLOW' : null))
      const recalled = await store.open().remember(batch, outcomes)
      expect(recalled.map(({ received }) => received)).toEqual(batch)
      expect(recalled.map(({ views }) => seen(views[0])?.length)).toEqual(
        batch.map((_, n) => Math.floor(n / 40)),
      )
      const last = seen(recalled.at(-1)?.views[0])
      expect(last !== 'unknown' && last?.map(({ allowed }) => allowed)).toEqual(
        outcomes.filter((_, n) => n % 40 === 1_299 % 40 && n < 1_299).map((outcome) => outcome !== null),
      )
    }))

  test('agrees with plain lists, whoever writes, warm or cold', () =>
    fc.assert(
      fc.asyncProperty(anySteps, (steps) =>
        withStore(async (store) => {
          const naive = createNaiveHistories()
          const instances = [store.open(), store.open()]
          for (const { instance, restart, batch, concluded } of steps) {
            if (restart) instances[instance] = store.open()
            const recalled = await instances[instance]?.remember(batch)
            naive.remember(batch)
            expect(recalled?.map(seenBy)).toEqual(batch.map(naive.seenBy))

            const told = batch.flatMap((received, i) => {
              const outcome = concluded[i] ?? null
              return outcome === null ? [] : [{ received, outcome }]
            })
            await instances[instance]?.conclude(told)
            for (const { received, outcome } of told) naive.conclude(received, outcome)
          }
        }),
      ),
      { numRuns: runs },
    ))

  notesOfHistories(create, runs)
}
