import fc from 'fast-check'
import { expect, test } from 'vitest'
import { accountEventKinds } from '../../../src/domain/accountEvent.ts'
import { entityToken, entityTypes } from '../../../src/domain/entity.ts'
import { feedbackKinds } from '../../../src/domain/feedback.ts'
import type { Happening } from '../../../src/domain/happening.ts'
import { allNotes } from '../../../src/features/notes.ts'
import type { SlotView } from '../../../src/features/recalled.ts'
import { aFeedback, anAccountEvent, occurred, told } from '../happenings.ts'
import { aReceived } from '../payments.ts'
import { seen } from './seen.ts'
import { withStoreOf, type CreateStore } from './storeUnderTest.ts'

type SeenNote = { readonly kind: string; readonly at: number; readonly knownAt: number }

const notes = (view: SlotView | undefined): readonly SeenNote[] | null =>
  view === undefined || view === null || view === 'unknown'
    ? null
    : allNotes(view.history.notes)
        .toSorted((a, b) => a.position - b.position)
        .filter(({ position }) => position < view.before)
        .map(({ kind, at, knownAt }) => ({ kind, at, knownAt }))

const everyEntity = {
  accountId: 'a',
  cardToken: 'c',
  deviceId: 'd',
  ipAddress: '192.0.2.1',
  payeeId: 'p',
  merchantId: 'm',
}

const label = { FRAUD_CONFIRMED: 'FRAUD', CHARGEBACK: 'FRAUD', FALSE_POSITIVE: 'GENUINE' } as const

/** Labels and events as a plain list, in the order in which they were noted; outcomes are told to payments. */
const naiveNotes = (happenings: readonly Happening[], entity: string, token: string): readonly SeenNote[] => {
  const found = new Map<string, SeenNote>()
  /** A payment has the time that its first label says. */
  const times = new Map<string, number>()
  for (const happening of happenings) {
    const { cameAt } = happening
    if (happening.kind === 'feedback') {
      const { feedback } = happening
      const kind = Object.entries(label).find(([from]) => from === feedback.kind)?.[1]
      const type = entityTypes.find((each) => each === entity) ?? 'account'
      if (kind === undefined || entityToken[type](feedback) !== token) continue
      const knownAt = Math.max(feedback.knownAt, cameAt)
      const key = `${feedback.paymentId} ${kind} ${knownAt}`
      const at = times.get(feedback.paymentId) ?? feedback.occurredAt
      times.set(feedback.paymentId, at)
      if (!found.has(key)) found.set(key, { kind, at, knownAt })
      continue
    }
    const { event } = happening
    const named = {
      account: event.accountId,
      device: event.deviceId,
      ip: event.ipAddress,
      payee: event.payeeId,
    }
    const at = Math.min(event.occurredAt, cameAt)
    const key = `${event.eventId} ${event.kind}`
    if (
      event.kind === 'UNKNOWN' ||
      !Object.entries(named).some(([type, id]) => type === entity && id === token)
    )
      continue
    if (!found.has(key)) found.set(key, { kind: event.kind, at, knownAt: at })
  }
  return [...found.values()]
}

const anyTime = fc.integer({ min: 1_000, max: 1_006 })
const anyToken = (prefix: string) => fc.option(fc.nat(1).map((n) => `${prefix}${n}`))

const anyHappening: fc.Arbitrary<Happening> = fc
  .record({
    account: fc.nat(1).map((n) => `a${n}`),
    device: anyToken('d'),
    merchant: anyToken('m'),
    id: fc.nat(4),
    at: anyTime,
    knownAt: anyTime,
    cameAt: anyTime,
    feedbackKind: fc.option(fc.constantFrom(...feedbackKinds)),
    eventKind: fc.constantFrom(...accountEventKinds),
  })
  .map(({ account, device, merchant, id, at, knownAt, cameAt, feedbackKind, eventKind }) => {
    const tokens = { accountId: account, deviceId: device, payeeId: null, ipAddress: null, occurredAt: at }
    return feedbackKind === null
      ? occurred(anAccountEvent({ ...tokens, eventId: `e${id}`, kind: eventKind }), cameAt)
      : told(
          aFeedback({ ...tokens, merchantId: merchant, paymentId: `p${id}`, kind: feedbackKind, knownAt }),
          cameAt,
        )
  })

/** What any store of histories must do with what happens beside payments. */
export const notesOfHistories = (create: CreateStore, runs: number): void => {
  const withStore = withStoreOf(create)

  test('a label is seen by later payments of every entity that it names, from when it was known and had come', () =>
    withStore(async (store) => {
      const instance = store.open()
      const one = aReceived({ paymentId: 'one', ...everyEntity, occurredAt: 5_000 })
      const [before] = await instance.remember([one])
      const feedback = aFeedback({ paymentId: 'one', ...everyEntity, occurredAt: 5_000, knownAt: 6_000 })
      await instance.note([
        told(feedback, 7_000),
        told({ ...feedback, kind: 'FALSE_POSITIVE', knownAt: 8_000 }, 7_000),
        told({ ...feedback, kind: 'CHARGEBACK', knownAt: 9_000 }),
      ])
      const [after] = await instance.remember([aReceived({ paymentId: 'two', ...everyEntity })])
      const [again] = await instance.remember([one])
      const expected = [
        { kind: 'FRAUD', at: 5_000, knownAt: 7_000 },
        { kind: 'GENUINE', at: 5_000, knownAt: 8_000 },
        { kind: 'FRAUD', at: 5_000, knownAt: 9_000 },
      ]
      expect(before?.views.map(notes)).toEqual(entityTypes.map(() => []))
      expect(after?.views.map(notes)).toEqual(entityTypes.map(() => expected))
      expect(again?.views.map(notes)).toEqual(entityTypes.map(() => []))
    }))

  test('an account event is seen by what it names, at its own time or that of its record', () =>
    withStore(async (store) => {
      const instance = store.open()
      await instance.note([
        occurred(anAccountEvent({ eventId: 'one', ...everyEntity, occurredAt: 5_000 }), 6_000),
        occurred(anAccountEvent({ eventId: 'two', ...everyEntity, occurredAt: 9_000 }), 6_000),
        occurred(
          anAccountEvent({
            eventId: 'three',
            accountId: 'a',
            deviceId: null,
            ipAddress: null,
            payeeId: null,
          }),
        ),
      ])
      const [recalled] = await instance.remember([aReceived(everyEntity)])
      const both = [
        { kind: 'LOGIN_FAILED', at: 5_000, knownAt: 5_000 },
        { kind: 'LOGIN_FAILED', at: 6_000, knownAt: 6_000 },
      ]
      const [account, card, device, ip, payee, merchant] = recalled?.views.map(notes) ?? []
      expect(account).toHaveLength(3)
      expect([device, ip, payee]).toEqual([both, both, both])
      expect([card, merchant]).toEqual([[], []])
    }))

  test.each([
    ['STAND_IN', { allowed: true, blocked: false }, []],
    ['STEP_UP_PASSED', { allowed: true, blocked: false }, ['STEP_UP_PASSED']],
    ['STEP_UP_ABANDONED', { allowed: false, blocked: false }, []],
    ['STEP_UP_FAILED', { allowed: false, blocked: false }, ['STEP_UP_FAILED']],
    ['DECLINED', { allowed: false, blocked: true }, ['DECLINED']],
    ['REVERSED', { allowed: false, blocked: false }, []],
    ['UNKNOWN', { allowed: false, blocked: false }, []],
  ] as const)('%s tells its payment what became of it, whichever came first', (kind, outcome, noted) =>
    withStore(async (store) => {
      const instance = store.open()
      const feedback = told(aFeedback({ paymentId: 'one', attempt: 2, kind }))
      for (const other of ['before', 'after']) {
        const accountId = other
        const one = aReceived({ paymentId: 'one', attempt: 2, accountId })
        const happening = {
          ...feedback,
          feedback: aFeedback({ paymentId: 'one', attempt: 2, kind, accountId }),
        }
        if (other === 'before') await instance.note([happening])
        await instance.remember([aReceived({ paymentId: 'one', accountId }), one])
        if (other === 'after') await instance.note([happening])
        const [recalled] = await instance.remember([aReceived({ paymentId: 'two', accountId })])
        expect(seen(recalled?.views[0])).toMatchObject([{ allowed: false, blocked: false }, outcome])
        expect(notes(recalled?.views[0])?.map((note) => note.kind)).toEqual(noted)
      }
    }),
  )

  test('what is noted twice counts once, and nothing is noted of nothing', () =>
    withStore(async (store) => {
      const instance = store.open()
      const batch = [told(aFeedback()), occurred(anAccountEvent())]
      await instance.note([])
      await instance.note([...batch, ...batch])
      await instance.note(batch)
      const [recalled] = await instance.remember([aReceived()])
      expect(notes(recalled?.views[0])).toHaveLength(2)
    }))

  test('batches of any length are noted whole', () =>
    withStore(async (store) => {
      const instance = store.open()
      const batch = Array.from({ length: 300 }, (_, n) =>
        n % 3 === 0
          ? told(aFeedback({ paymentId: `p${n}` }))
          : occurred(anAccountEvent({ eventId: `e${n}` })),
      )
      await instance.note(batch)
      const [recalled] = await instance.remember([aReceived({ paymentId: 'other' })])
      expect(notes(recalled?.views[0])).toHaveLength(300)
    }))

  test('labels and events agree with a plain list, whoever notes them, warm or cold', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ instance: fc.nat(1), batch: fc.array(anyHappening, { maxLength: 5 }) }), {
          maxLength: 6,
        }),
        (steps) =>
          withStore(async (store) => {
            const instances = [store.open(), store.open()]
            const noted: Happening[] = []
            for (const [step, { instance, batch }] of steps.entries()) {
              await instances[instance]?.note(batch)
              noted.push(...batch)
              for (const [reader, each] of instances.entries()) {
                const tokens = {
                  accountId: 'a0',
                  deviceId: 'd0',
                  merchantId: 'm0',
                  payeeId: null,
                  ipAddress: null,
                }
                const paymentId = `read-${step}-${reader}`
                const [recalled] = await each.remember([aReceived({ ...tokens, paymentId })])
                // Outcomes find no payment here: what is left are labels and events.
                const sorted = (list: readonly SeenNote[] | null | undefined) =>
                  list?.map((note) => JSON.stringify(note)).toSorted()
                const [account, , device, , , merchant] = recalled?.views ?? []
                expect(sorted(notes(account))).toEqual(sorted(naiveNotes(noted, 'account', 'a0')))
                expect(sorted(notes(device))).toEqual(sorted(naiveNotes(noted, 'device', 'd0')))
                expect(sorted(notes(merchant))).toEqual(sorted(naiveNotes(noted, 'merchant', 'm0')))
              }
            }
          }),
      ),
      { numRuns: runs },
    ))
}
