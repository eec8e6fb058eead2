import fc from 'fast-check'
import { accountEventKinds } from '../../src/domain/accountEvent.ts'
import { entityTypes, type EntityType } from '../../src/domain/entity.ts'
import { measureNames, measures } from '../../src/features/measures.ts'
import { parseFeatureName, reachOf } from '../../src/features/names.ts'
import { isNoted, noteMeasureNames, noteMeasures } from '../../src/features/noteMeasures.ts'
import { labelCodes, outcomeCodes } from '../../src/features/record.ts'
import type { OracleSettings } from './oracle.ts'
import type { OracleEntry, OraclePayment } from './oracleEntries.ts'
import { noon } from './pasts.ts'

/** The times of a history are so far apart, so that equal times and exact edges of windows are common. */
export type Scale = {
  readonly tickMs: number
  /** Windows and the ticks that each holds; the first three are delays as well. */
  readonly windows: readonly (readonly [text: string, ticks: number])[]
}

const retentionTicks = 20
const ticks = 24

export const scales = {
  'seconds and minutes': {
    tickMs: 30_000,
    windows: [
      ['30s', 1],
      ['1m', 2],
      ['90s', 3],
      ['5m', 10],
      ['10m', 20],
    ],
  },
  hours: {
    tickMs: 3_600_000,
    windows: [
      ['60m', 1],
      ['2h', 2],
      ['3h', 3],
      ['10h', 10],
      ['20h', 20],
    ],
  },
  days: {
    tickMs: 43_200_000,
    windows: [
      ['12h', 1],
      ['1d', 2],
      ['36h', 3],
      ['5d', 10],
      ['10d', 20],
    ],
  },
} as const satisfies Readonly<Record<string, Scale>>

const tokens = (prefix: string, count: number) =>
  fc.option(
    fc.integer({ min: 1, max: count }).map((n) => `${prefix}${n}`),
    { nil: null, freq: 4 },
  )
const entities = fc.record({
  account: fc.constantFrom('a1', 'a1', 'a2'),
  card: tokens('c', 2),
  device: tokens('d', 3),
  ip: tokens('i', 2),
  payee: tokens('p', 3),
  merchant: tokens('m', 2),
})

const anyTime = ({ tickMs }: Scale) => fc.integer({ min: 0, max: ticks }).map((tick) => noon + tick * tickMs)

const anyPayment = (scale: Scale): fc.Arbitrary<OraclePayment> =>
  fc.record({
    paymentId: fc.constantFrom(...'abcdefghijkl'),
    attempt: fc.constantFrom(1, 1, 2),
    contentHash: fc.constantFrom('0001', 'ff02').map((start) => start.padEnd(16, '0')),
    effectiveAt: anyTime(scale),
    amount: fc.oneof(
      { weight: 20, arbitrary: fc.constantFrom(1, 100, 100, 250, 99_999, 1_000_000_000) },
      { weight: 20, arbitrary: fc.integer({ min: 1, max: 10_000 }) },
      { weight: 1, arbitrary: fc.constant(NaN) },
    ),
    entities,
    place: fc.option(
      fc.constantFrom({ latitude: 50.1, longitude: 8.7 }, { latitude: -33.9, longitude: 151.2 }),
    ),
  })

/** What is written, given what picks the payment that it is about. */
type Written = (pick: (of: number) => OraclePayment) => OracleEntry

/** The same payment may be written again, also with another time. */
const aPaid = ({ tickMs }: Scale): fc.Arbitrary<Written> =>
  fc
    .tuple(
      fc.nat(),
      fc.constantFrom(0, 0, 0, 2 * tickMs),
      fc.constantFrom('UNKNOWN', 'UNKNOWN', 'UNKNOWN', ...outcomeCodes),
    )
    .map(([of, shift, outcome]) => (pick) => {
      const payment = pick(of)
      return { kind: 'payment', payment: { ...payment, effectiveAt: payment.effectiveAt + shift }, outcome }
    })

const anOutcome: fc.Arbitrary<Written> = fc
  .tuple(fc.nat(), fc.boolean(), fc.constantFrom('ALLOW', 'ALLOW', ...outcomeCodes))
  .map(([of, contentKnown, outcome]) => (pick) => ({
    kind: 'outcome',
    payment: pick(of),
    contentKnown,
    outcome,
  }))

/** Stepped up for some of the first, the 32nd, 33rd and last reason; passed or failed often enough to matter. */
const anAsked: fc.Arbitrary<Written> = fc
  .tuple(fc.nat(), fc.subarray([1, 2 ** 31, 2 ** 32, 2 ** 51]), fc.constantFrom('asked', 'asked', 'told'))
  .chain(([of, reasons, what]) =>
    fc.constantFrom('STEP_UP_PASSED', 'STEP_UP_PASSED', 'STEP_UP_FAILED').map((outcome) => (pick) => {
      const payment = pick(of)
      return what === 'told'
        ? { kind: 'outcome', payment, contentKnown: false, outcome }
        : {
            kind: 'outcome',
            payment,
            contentKnown: true,
            outcome: 'STEP_UP',
            reasons: reasons.reduce((sum, each) => sum + each, 0),
          }
    }),
  )

/** Of a payment that may not be in the log, or not yet, and seldom with another time than the payment's. */
const aLabel = (scale: Scale): fc.Arbitrary<Written> =>
  fc
    .tuple(
      fc.nat(),
      fc.option(fc.constantFrom('y', 'z'), { freq: 5 }),
      fc.constantFrom('FRAUD', 'FRAUD', 'FRAUD', ...labelCodes),
      anyTime(scale),
      fc.constantFrom(0, 0, 0, 0, scale.tickMs),
    )
    .map(([of, stranger, label, knownAt, shift]) => (pick) => {
      const { paymentId, effectiveAt, entities: named } = pick(of)
      const id = stranger ?? paymentId
      return {
        kind: 'label',
        paymentId: id,
        entities: named,
        label,
        knownAt,
        occurredAt: effectiveAt + shift,
      }
    })

const anEvent = (scale: Scale): fc.Arbitrary<Written> =>
  fc
    .tuple(
      fc.constantFrom(...accountEventKinds, 'LOGIN_FAILED'),
      fc.constantFrom(...'stuvw'),
      anyTime(scale),
      entities,
    )
    .map(([event, eventId, at, named]) => () => ({
      kind: 'event',
      event,
      eventId,
      at,
      entities: { ...named, card: null, merchant: null },
    }))

/** Late enough to see most of a log, and in half of all cases not in it. */
const anySelf = (scale: Scale, payments: readonly OraclePayment[]): fc.Arbitrary<OraclePayment> =>
  fc
    .tuple(
      fc.oneof(
        fc.constantFrom(...payments),
        anyPayment(scale).map((payment) => ({ ...payment, paymentId: 'x' })),
      ),
      fc.integer({ min: ticks - 8, max: ticks }),
    )
    .map(([payment, tick]) => ({ ...payment, effectiveAt: noon + tick * scale.tickMs }))

/** A log, and a payment that may be in it. Without fast-check's bias, which makes most histories empty. */
export const anyLog = (
  scale: Scale,
): fc.Arbitrary<{ readonly log: readonly OracleEntry[]; readonly self: OraclePayment }> =>
  fc.noBias(
    fc
      .uniqueArray(anyPayment(scale), {
        minLength: 1,
        maxLength: 40,
        selector: (p) => p.paymentId + p.attempt + p.contentHash,
      })
      .chain((payments) =>
        fc.record({
          log: fc
            .array(
              fc.oneof(
                { weight: 4, arbitrary: aPaid(scale) },
                { weight: 3, arbitrary: anOutcome },
                { weight: 3, arbitrary: anAsked },
                { weight: 2, arbitrary: aLabel(scale) },
                { weight: 2, arbitrary: anEvent(scale) },
              ),
              { maxLength: 150, size: 'max' },
            )
            .map((entries) =>
              entries.map((write) => write((of) => payments[of % payments.length] as OraclePayment)),
            ),
          self: anySelf(scale, payments),
        }),
      ),
  )

type Subject = { readonly entity: EntityType; readonly partner: EntityType | null }

const anySubject: fc.Arbitrary<Subject> = fc.oneof(
  fc.constant({ entity: 'account' as const, partner: null }),
  fc.record({ entity: fc.constantFrom(...entityTypes), partner: fc.constant(null) }),
  fc
    .uniqueArray(fc.constantFrom(...entityTypes), { minLength: 2, maxLength: 2 })
    .map(([entity = 'account', partner = 'card']) => ({ entity, partner })),
)

/** Every measure that the subject has; true where it may stand without a window. */
const measuresOf = ({ entity, partner }: Subject): readonly (readonly [name: string, bare: boolean])[] => [
  ...measureNames.map((name) => [name, measures[name].window === 'optional'] as const),
  ...noteMeasureNames
    .filter((name) => isNoted(noteMeasures[name], entity, partner))
    .map((name) => [name, noteMeasures[name].window === 'optional'] as const),
  ...entityTypes
    .filter((target) => target !== entity && target !== partner)
    .map((target) => [`distinct_${target}`, false] as const),
]

const anySpan = ({ windows }: Scale): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.constantFrom(...windows, ...windows.slice(3)),
      fc.option(fc.constantFrom(...windows.slice(0, 3)), { freq: 2 }),
    )
    .filter(([[, length], delay]) => length + (delay?.[1] ?? 0) <= retentionTicks)
    .map(([[window], delay]) => (delay === null ? window : `${window}@${delay[0]}`))

const anyVelocityName = (scale: Scale): fc.Arbitrary<string> =>
  anySubject.chain((subject) => {
    const text = subject.partner === null ? subject.entity : `${subject.entity}_${subject.partner}`
    return fc
      .tuple(fc.constantFrom(...measuresOf(subject)), anySpan(scale), fc.boolean())
      .map(([[measure, bare], span, without]) => `${text}.${measure}${bare && without ? '' : `.${span}`}`)
  })

/** Whether all that the feature looks at is kept. */
const isKept =
  (scale: Scale) =>
  (name: string): boolean => {
    const spec = parseFeatureName(name)
    return spec.family !== 'velocity' || (reachOf(spec) ?? 0) <= retentionOf(scale)
  }

export const anyNames = (scale: Scale): fc.Arbitrary<string[]> =>
  fc.noBias(
    fc.array(
      fc.oneof(
        { weight: 20, arbitrary: anyVelocityName(scale).filter(isKept(scale)) },
        { weight: 1, arbitrary: fc.constantFrom('payment.distance_km', 'payment.speed_kmh') },
      ),
      { minLength: 1, maxLength: 40, size: 'max' },
    ),
  )

export const retentionOf = ({ tickMs }: Scale): number => retentionTicks * tickMs

export const anySettings = (scale: Scale): fc.Arbitrary<OracleSettings> => {
  const since = fc.oneof(
    { weight: 6, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.constant(Infinity) },
    { weight: 3, arbitrary: anyTime(scale) },
  )
  return fc.record({
    retentionMs: fc.constant(retentionOf(scale)),
    coveredSince: fc.record({
      account: since,
      card: since,
      device: since,
      ip: since,
      payee: since,
      merchant: since,
    }),
    unreadable: fc.oneof(
      { weight: 6, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.subarray([...entityTypes]) },
    ),
  })
}
