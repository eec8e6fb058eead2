import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { closureOf } from '../../../src/decision/celClosures.ts'
import { createInterpreter } from '../../../src/decision/celInterpreter.ts'
import { createConditions } from '../../../src/decision/condition.ts'
import { protectionLevels } from '../../../src/domain/protection.ts'
import type { Facts } from '../../../src/decision/facts.ts'
import { NO, UNKNOWN, YES, type Test, type Truth } from '../../../src/decision/truth.ts'
import { SluiceError } from '../../../src/errors.ts'
import { refusalOf } from './policyOf.ts'
import { scoredWith, slotsOf } from './scored.ts'

const names = ['a', 'b', 'c']
const slots = slotsOf(names)
const compile = createConditions((name) =>
  names.includes(name) ? null : `there is no feature ${name}; near ones: a`,
)
const truthOf = (expression: string, facts: Facts): Truth => compile('rule r', expression).bind(slots)(facts)

describe('a condition', () => {
  const known = scoredWith(slots, { features: { a: 5, b: 0 }, probability: 0.4 })

  it.each([
    ['f("a") > 3.0', YES],
    ['f("a") > 3', YES],
    ['f("b") >= 1.0', NO],
    ['f("a") * 2.0 - 1.0 == 9.0', YES],
    ['-f("a") / 2.0 < -2.0', YES],
    ['payment.amountMinor > 1000', YES],
    ['payment.method == "TRANSFER" && payment.channel in ["POS", "ATM"]', NO],
    ['payment.channel != "POS"', YES],
    ['!late && "rates" in degraded', NO],
    ['f("a") > 3.0 ? probability > 0.3 : late', YES],
    ['payment.currency.startsWith("E")', YES],
    ['size(degraded) > 0', NO],
    ['degraded.size() >= 1 || "device" in degraded', NO],
    ['late ? f("a") > 3.0 : degraded.exists(input, input.startsWith("history."))', NO],
    ['protection == "FULL"', YES],
    ['protection in ["NONE", "UNKNOWN"]', NO],
    ['protectedAtLeast("GUARDED")', YES],
    ['protection.startsWith("F") && protectedAtLeast("FULL")', YES],
  ])('%s', (expression, truth) => {
    expect(truthOf(expression, known)).toBe(truth)
  })

  it.each([
    ['f("c") > 3.0', UNKNOWN],
    ['f("c") < 3.0', UNKNOWN],
    ['!(f("c") > 3.0)', UNKNOWN],
    ['f("c") != 1.0', UNKNOWN],
    ['f("c") == f("c")', UNKNOWN],
    ['f("c") > 3.0 || f("a") > 3.0', YES],
    ['f("a") > 3.0 || f("c") > 3.0', YES],
    ['f("c") > 3.0 || f("b") > 3.0', UNKNOWN],
    ['f("c") > 3.0 && f("b") > 3.0', NO],
    ['f("b") > 3.0 && f("c") > 3.0', NO],
    ['f("c") > 3.0 && f("a") > 3.0', UNKNOWN],
    ['f("c") > 3.0 ? true : true', UNKNOWN],
    ['known("c")', NO],
    ['known("a")', YES],
    ['has(payment.country)', NO],
    ['payment.country == "DE"', UNKNOWN],
    ['payment.country in ["DE"]', UNKNOWN],
    ['payment.country.startsWith("D")', UNKNOWN],
    ['probability > 0.5', UNKNOWN],
    ['["x"].exists(x, f("c") > 1.0)', UNKNOWN],
  ])('that meets something unknown: %s', (expression, truth) => {
    expect(truthOf(expression, { ...known, probability: NaN })).toBe(truth)
  })

  it.each([
    ['f("a") * 2 > 3.0', 'no such overload: double * int'],
    ['f("a") == 1', 'no such overload: double == int'],
    ['f("nope") > 1.0', 'there is no feature nope; near ones: a'],
    ['known("nope")', 'there is no feature nope'],
    ['late || f("a") > 1.0 && (f("b") > 1.0 || f("nope") > 1.0)', 'there is no feature nope'],
    ['[f("nope")].exists(x, x > 1.0)', 'there is no feature nope'],
    ['f(payment.method) > 1.0', 'takes a feature name in quotes'],
    ['f("a" + "b") > 1.0', 'takes a feature name in quotes'],
    ['["a"].exists(x, f(x) > 1.0)', 'takes a feature name in quotes'],
    ['f("a") / f("b") > 1.0', 'divide by a literal only'],
    ['f("a") / 0.0 > 1.0', 'divide by a literal only'],
    ['payment.amount > 1', 'payment has no field amount'],
    ['has(payment.acountId)', 'payment has no field acountId'],
    ['account == "x"', 'Unknown variable: account'],
    ['protection == "GUARD"', 'protection is one of FULL, GUARDED, RESTRICTED, NONE, UNKNOWN, NO_DEVICE'],
    ['protection in ["FULL", "full"]', 'never full'],
    ['protection < "FULL"', 'write protectedAtLeast'],
    ['protection == 1.0', 'no such overload'],
    ['protectedAtLeast("NONE")', 'takes one of RESTRICTED, GUARDED, FULL'],
    ['protectedAtLeast(protection)', 'takes one of RESTRICTED, GUARDED, FULL'],
    ['!("rates" in degraded)', 'and not whether they are not'],
    ['f("a") > 1.0 || !late && !("rates" in degraded)', 'and not whether they are not'],
    ['size(degraded) == 0', 'and not whether they are not'],
    ['size(degraded) < 1', 'and not whether they are not'],
    ['0 < size(degraded)', 'and not whether they are not'],
    ['"rates" in degraded ? false : late', 'and not whether they are not'],
    ['late ? !("rates" in degraded) : true', 'and not whether they are not'],
    ['("rates" in degraded) == late', 'and not whether they are not'],
    ['degraded.all(input, input == "rates")', 'and not whether they are not'],
    ['degraded == ["rates"]', 'and not whether they are not'],
    ['f("a")', 'expected a condition (bool), found double'],
    ['f("a") >', 'Unexpected token'],
  ])('is refused: %s', (expression, problem) => {
    const refusal = refusalOf(() => compile('rule r, when (line 3)', expression))
    expect(refusal.code).toBe('POLICY_INVALID')
    expect(refusal.message).toMatch(/^rule r, when \(line 3\): /)
    expect(refusal.message).toContain(problem)
  })

  it.each([
    ['UNKNOWN', 'd-1', UNKNOWN, YES],
    ['NONE', 'd-1', NO, NO],
    ['RESTRICTED', 'd-1', NO, NO],
    ['GUARDED', 'd-1', YES, NO],
    ['NONE', null, NO, NO],
  ] as const)('tells how far a device protects: %s, device %s', (protection, deviceId, guarded, unknown) => {
    const given = scoredWith(slots, { protection, payment: { deviceId } })
    expect(truthOf('protectedAtLeast("GUARDED")', given)).toBe(guarded)
    expect(truthOf('protection == "UNKNOWN"', given)).toBe(unknown)
    expect(truthOf('protection == "NO_DEVICE"', given)).toBe(deviceId === null ? YES : NO)
  })

  it('names its features once, in order', () => {
    expect(compile('r', 'f("b") > 1.0 || f("a") > f("b") || !known("c")').features).toEqual(['b', 'a', 'c'])
  })

  it('cannot be bound to rows without its features', () => {
    expect(() => compile('r', 'f("a") > 1.0').bind(slotsOf(['b']))).toThrow(
      'the rows of this bundle have no feature a',
    )
  })
})

const value = fc.oneof(
  fc.constantFrom(0, 1, 2, -1, 0.5),
  fc.double({ min: -1e6, max: 1e6, noNaN: true }),
  fc.constant(NaN),
)

const facts: fc.Arbitrary<Facts> = fc.record({
  features: fc.array(value, { minLength: 3, maxLength: 3 }).map((row) => Float64Array.from(row)),
  payment: fc.record({
    amountMinor: fc.oneof(fc.nat(3), fc.constant(NaN)),
    currency: fc.constantFrom('EUR', 'JPY', null),
    channel: fc.constantFrom('APP', 'POS', null),
    method: fc.constantFrom('CARD', 'TRANSFER', null),
    country: fc.constantFrom('DE', null),
    mcc: fc.constantFrom('5411', null),
    deviceId: fc.constantFrom('d-1', null),
  }),
  protection: fc.record({ level: fc.constantFrom(...protectionLevels) }),
  listed: fc.constant([]),
  probability: fc.oneof(fc.constantFrom(0, 0.5, 1), fc.constant(NaN)),
  degraded: fc.subarray(['device', 'rates']),
  late: fc.boolean(),
  effectiveAt: fc.constant(0),
})

const number = fc.letrec<{ number: string; leaf: string }>((tie) => ({
  leaf: fc.constantFrom(
    'f("a")',
    'f("b")',
    'f("c")',
    'payment.amountMinor',
    'probability',
    '0.0',
    '1.0',
    '0.5',
    '-2.0',
  ),
  number: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    tie('leaf'),
    fc
      .tuple(tie('number'), fc.constantFrom('+', '-', '*'), tie('number'))
      .map(([a, op, b]) => `(${a} ${op} ${b})`),
    tie('number').map((a) => `(${a} / 4.0)`),
    tie('number').map((a) => `-(${a})`),
  ),
})).number

const text = fc.constantFrom(
  'payment.currency',
  'payment.channel',
  'payment.method',
  'payment.country',
  '"DE"',
  '"APP"',
)
const comparator = fc.constantFrom('<', '<=', '>', '>=', '==', '!=')
const equality = fc.constantFrom('==', '!=')

const expression = fc.letrec<{ bool: string; leaf: string }>((tie) => ({
  leaf: fc.oneof(
    fc.tuple(number, comparator, number).map((parts) => parts.join(' ')),
    fc
      .tuple(number, fc.constantFrom('<', '<=', '>', '>='), fc.constantFrom('0', '1', '-3'))
      .map((parts) => parts.join(' ')),
    fc.tuple(text, equality, text).map((parts) => parts.join(' ')),
    fc.constantFrom(
      'protection == "GUARDED"',
      'protection != "NO_DEVICE"',
      'protection in ["NONE", "UNKNOWN"]',
      'protectedAtLeast("GUARDED")',
      'protectedAtLeast("RESTRICTED")',
    ),
    text.map((t) => `${t} in ["EUR", "APP", "CARD"]`),
    fc.constantFrom(
      '"device" in degraded',
      'late',
      'true',
      'false',
      'known("a")',
      'has(payment.country)',
      'has(payment.amountMinor)',
    ),
  ),
  bool: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    tie('leaf'),
    fc.tuple(tie('bool'), fc.constantFrom('&&', '||'), tie('bool')).map(([a, op, b]) => `(${a} ${op} ${b})`),
    tie('bool').map((a) => `!(${a})`),
    fc.tuple(tie('bool'), tie('bool'), tie('bool')).map(([a, b, c]) => `(${a} ? ${b} : ${c})`),
  ),
})).bool

/** Of any expression, also of what a policy refuses. */
const closureFrom = (source: string): Test => {
  const closure = closureOf(createInterpreter().parse(source).ast, slots)
  if (closure === null) throw new Error(`no closure for ${source}`)
  return closure
}

const questions = fc.constantFrom(
  '"device" in degraded',
  '!("device" in degraded)',
  'size(degraded) > 1',
  'size(degraded) == 1',
  'degraded.size() >= 1',
  'degraded.exists(input, input == "rates")',
  'degraded.all(input, input == "rates")',
  'degraded.exists(input, f("a") > 1.0)',
)

describe('properties of conditions', () => {
  it('a closure means what the interpreter means', () => {
    const interpreter = createInterpreter()
    const seen = new Set<Truth>()
    fc.assert(
      fc.property(expression, fc.array(facts, { minLength: 1, maxLength: 20 }), (source, rows) => {
        const parsed = interpreter.parse(source)
        expect(parsed.check()).toMatchObject({ valid: true })
        const closure = closureOf(parsed.ast, slots)
        if (closure === null) throw new Error(`no closure for ${source}`)
        const interpreted = interpreter.testOf(parsed, slots)
        for (const row of rows) {
          const truth = closure(row)
          expect(truth).toBe(interpreted(row))
          seen.add(truth)
        }
      }),
      { numRuns: 500 },
    )
    expect(seen).toEqual(new Set([NO, YES, UNKNOWN]))
  })

  it('what is decided in spite of an unknown value is decided the same for every value', () => {
    fc.assert(
      fc.property(
        expression.filter((source) => !source.includes('known(')),
        facts,
        fc.nat(2),
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        (source, row, at, known) => {
          const test = closureFrom(source)
          const withFeature = (feature: number): Facts => ({
            ...row,
            features: row.features.with(at, feature),
          })
          const unknown = test(withFeature(NaN))
          if (unknown !== UNKNOWN) expect(test(withFeature(known))).toBe(unknown)
        },
      ),
      { numRuns: 500 },
    )
  })

  it('the more is degraded, the more holds what a policy accepts', () => {
    const order = [NO, UNKNOWN, YES]
    const found = { accepted: 0, refused: 0, grew: 0 }
    fc.assert(
      fc.property(
        fc.tuple(expression, fc.constantFrom('||', '&&'), questions).map((parts) => parts.join(' ')),
        fc.array(facts, { minLength: 5, maxLength: 20 }),
        (source, rows) => {
          const test = acceptedTest(source)
          if (test === null) {
            found.refused++
            return
          }
          found.accepted++
          for (const row of rows) {
            const before = order.indexOf(test({ ...row, degraded: [] }))
            const some = order.indexOf(test({ ...row, degraded: ['device'] }))
            const all = order.indexOf(test({ ...row, degraded: ['rates', 'device'] }))
            expect(some).toBeGreaterThanOrEqual(before)
            expect(all).toBeGreaterThanOrEqual(some)
            if (all > before) found.grew++
          }
        },
      ),
      { numRuns: 500 },
    )
    expect(Math.min(found.accepted, found.refused, found.grew)).toBeGreaterThan(50)
  })
})

/** null: the policy refuses it for what it asks of `degraded`. */
const acceptedTest = (source: string): Test | null => {
  try {
    return compile('r', source).bind(slots)
  } catch (error) {
    if (error instanceof SluiceError && error.message.includes('not whether they are not')) return null
    throw error
  }
}
