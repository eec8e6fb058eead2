import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fold } from '../../../src/features/fold.ts'
import { createHistory } from '../../../src/features/history.ts'
import { compileFeatures } from '../../../src/features/plan.ts'
import { recalledOf } from '../../support/histories.ts'
import { oracle } from '../../support/oracle.ts'
import type { OracleEntry, OraclePayment } from '../../support/oracleEntries.ts'
import {
  aPast,
  complete,
  compute,
  day,
  everywhere,
  hour,
  labelled,
  minute,
  noon,
  onlyAccount,
  paid,
  self,
  told,
  valueOf,
} from '../../support/pasts.ts'

const same = { ...onlyAccount, card: 'c1', device: 'd1', merchant: 'm1' }
const earlier = aPast('earlier', hour, { entities: same, amount: 100 })
const own = self({ entities: same, amount: 100 })
const asked = (payment: OraclePayment, reasons: number): OracleEntry => ({
  kind: 'outcome',
  payment,
  contentKnown: true,
  outcome: 'STEP_UP',
  reasons,
})
const passed = (payment: OraclePayment): OracleEntry => ({
  ...told(payment, 'STEP_UP_PASSED'),
  kind: 'outcome',
  payment,
  contentKnown: false,
  outcome: 'STEP_UP_PASSED',
})
const log = [paid(earlier), asked(earlier, 5), passed(earlier)]
const name = 'account.confirmed_reasons.1d'
const ofAttempts = 'account.attempt_confirmed_reasons.1d'

describe('what a passed step-up settles for the same thing', () => {
  test('is what it was asked for', () => {
    expect(valueOf(name, own, log)).toBe(5)
  })

  test.each([
    ['another payee', { entities: { ...same, payee: 'p1' } }],
    ['another merchant', { entities: { ...same, merchant: 'm2' } }],
    ['another device', { entities: { ...same, device: 'd2' } }],
    ['another card', { entities: { ...same, card: null } }],
    ['a larger amount', { amount: 101 }],
  ])('is nothing for %s', (_, over) => {
    expect(valueOf(name, { ...own, ...over }, log)).toBe(0)
  })

  test('is as much for a smaller amount, and from another address', () => {
    expect(valueOf(name, { ...own, amount: 1, entities: { ...same, ip: 'i9' } }, log)).toBe(5)
  })

  test('is nothing where no receiver is named: all such payments would be one thing', () => {
    const bare = aPast('earlier', hour)
    expect(valueOf(name, self(), [paid(bare), asked(bare, 5), passed(bare)])).toBe(0)
  })

  test('ends with the window, counted from the payment that was confirmed', () => {
    const old = aPast('old', day, { entities: same })
    expect(valueOf(name, own, [paid(old), asked(old, 5), passed(old)])).toBe(0)
  })

  test('ends when a step-up of the account fails afterwards, and not with one that failed before', () => {
    const other = aPast('other', minute)
    expect(valueOf(name, own, [...log, paid(other), told(other, 'STEP_UP_FAILED')])).toBe(0)
    expect(valueOf(name, own, [paid(other), told(other, 'STEP_UP_FAILED'), ...log])).toBe(5)
  })

  test('is nothing once the confirmed payment is known to be fraud', () => {
    expect(valueOf(name, own, [...log, labelled(earlier, 'FRAUD', minute)])).toBe(0)
    expect(valueOf(name, own, [...log, labelled(earlier, 'FRAUD', -minute)])).toBe(5)
  })

  test('adds up over several, the 53 bits of a double apart', () => {
    const second = aPast('second', 2 * hour, { entities: same, amount: 200 })
    const more = [...log, paid(second), asked(second, 2 ** 51 + 4), passed(second)]
    expect(valueOf(name, own, more)).toBe(2 ** 51 + 5)
  })

  test('is nothing without the pass, or without a record of what was asked', () => {
    expect(valueOf(name, own, log.slice(0, 2))).toBe(0)
    expect(valueOf(name, own, [paid(earlier), told(earlier, 'STEP_UP'), passed(earlier)])).toBe(0)
  })

  test('is not known where the history does not reach back, unless what is there says it', () => {
    const late = { ...complete, coveredSince: everywhere(noon - 2 * hour) }
    expect(compute([name], own, log, late)).toEqual({ values: [5], degraded: [] })
    expect(compute([name], own, log.slice(0, 1), late)).toEqual({
      values: [NaN],
      degraded: ['history.account'],
    })
  })
})

describe('what earlier attempts settle', () => {
  const second = { ...earlier, attempt: 2, effectiveAt: noon }

  test('is what the first was asked for, receiver or not', () => {
    const bare = aPast('bare', hour)
    const again = { ...bare, attempt: 2, effectiveAt: noon }
    expect(valueOf(ofAttempts, second, log)).toBe(5)
    expect(valueOf(ofAttempts, again, [paid(bare), asked(bare, 5), passed(bare)])).toBe(5)
  })

  test.each([
    ['another payment', { paymentId: 'another' }],
    ['the same attempt', { attempt: 1, contentHash: 'ff00000000000000' }],
    ['an attempt at more', { amount: 101 }],
    ['an attempt from another device', { entities: { ...same, device: 'd2' } }],
  ])('is nothing for %s', (_, over) => {
    expect(valueOf(ofAttempts, { ...second, ...over }, log)).toBe(0)
  })
})

describe('a folded history', () => {
  const options = {
    keep: 1,
    share: 0.1,
    retentionMs: 40 * day,
    lastSeenPerSlot: 4,
    notesPerKind: 4,
  }
  const decided = Array.from({ length: 20 }, (_, n) => aPast(`after${n}`, minute, { entities: onlyAccount }))
  const after = decided.flatMap((payment) => [paid(payment), told(payment, 'ALLOW')])
  const settings = { retentionMs: 40 * day }

  test('does not know what was settled by payments that are no longer told apart', () => {
    const row = new Float64Array(1)
    const read = (bytes: Uint8Array) => createHistory(fold(bytes, options) ?? bytes)
    const recalled = recalledOf(own, [...log, ...after], complete, read)
    expect(recalled.views[0]).toMatchObject({ history: { folded: { generation: 1 } } })
    compileFeatures([name], settings).compute(recalled, row)
    expect(row[0]).toBeNaN()
  })
})

/** Few payments that are nearly alike, so that what one settles often matters to another. */
const anyStep = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('paid', 'asked 1', `asked ${2 ** 40 + 2}`, 'asked 0') },
  { weight: 3, arbitrary: fc.constantFrom('passed', 'passed', 'passed', 'failed', 'fraud') },
)
const anyAlike = fc.record({
  paymentId: fc.constantFrom('a', 'b'),
  attempt: fc.constantFrom(1, 2),
  contentHash: fc.constantFrom('0a', '0b').map((start) => start.padEnd(16, '0')),
  effectiveAt: fc.integer({ min: 0, max: 4 }).map((hours) => noon - hours * hour),
  amount: fc.constantFrom(100, 100, 200, NaN),
  entities: fc.constantFrom(same, same, same, { ...same, device: null }, onlyAccount),
  place: fc.constant(null),
})

const entryOf = (step: string, payment: OraclePayment): OracleEntry => {
  if (step === 'paid') return paid(payment)
  if (step === 'passed') return passed(payment)
  if (step === 'failed') return { ...passed(payment), ...told(payment, 'STEP_UP_FAILED') }
  if (step === 'fraud') return labelled(payment, 'FRAUD', 0)
  return asked(payment, Number(step.slice('asked '.length)))
}

const anyAlikeLog = fc
  .uniqueArray(anyAlike, {
    minLength: 2,
    maxLength: 6,
    selector: (p) => p.paymentId + p.attempt + p.contentHash,
  })
  .chain((payments) =>
    fc.record({
      payment: fc.constantFrom(...payments).map((each) => ({ ...each, effectiveAt: noon })),
      // Most are asked and pass; the rest comes in any order.
      entries: fc
        .tuple(
          fc.subarray(
            payments.flatMap((each) => ['paid', 'asked 1', 'passed'].map((step) => [step, each] as const)),
          ),
          fc.array(fc.tuple(anyStep, fc.constantFrom(...payments)), { maxLength: 12 }),
        )
        .map(([first, then]) => [...first, ...then].map(([step, each]) => entryOf(step, each))),
      since: fc.constantFrom(0, noon - 2 * hour),
    }),
  )

test('what is settled is what the oracle says', () => {
  const names = ['confirmed_reasons', 'attempt_confirmed_reasons'].flatMap((each) => [
    `account.${each}.3h`,
    `account.${each}.2h@1h`,
  ])
  const settled = names.map(() => 0)
  fc.assert(
    fc.property(fc.noBias(anyAlikeLog), ({ payment, entries, since }) => {
      const given = { ...complete, coveredSince: everywhere(since) }
      const expected = names.map((each) => oracle(each, payment, entries, given))
      expected.forEach(({ value }, index) => (settled[index] = (settled[index] ?? 0) + (value > 0 ? 1 : 0)))
      expect(compute(names, payment, entries, given).values).toEqual(expected.map(({ value }) => value))
    }),
    { numRuns: 4000 },
  )
  // A property of nothing but empty sets would hold whatever the code did. The rarest is settled 17 times on average.
  expect(Math.min(...settled)).toBeGreaterThan(0)
})
