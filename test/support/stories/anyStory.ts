import fc from 'fast-check'
import { accountEventKinds, type AccountEventKind } from '../../../src/domain/accountEvent.ts'
import type { FeedbackKind } from '../../../src/domain/feedback.ts'
import { outcomes, type Outcome } from '../../../src/domain/outcome.ts'
import { day, hour, minute, second } from '../pasts.ts'

/** A payment to come, or one that came before and is delivered again. */
export type Paying = {
  /** Which of those that came before; null: a new one. */
  readonly again: number | null
  readonly account: number
  readonly device: number | null
  readonly merchant: number
  readonly amount: number
  /** How late it comes, ms. */
  readonly lateMs: number
  readonly outcome: Outcome | null
}

/** What happens beside payments: something new, or what came before and is delivered again. */
export type Happens =
  | { readonly kind: 'again'; readonly of: number }
  | { readonly kind: 'feedback'; readonly of: number; readonly says: FeedbackKind }
  | {
      readonly kind: 'event'
      readonly event: AccountEventKind
      readonly account: number
      readonly device: number
      readonly lateMs: number
    }

/** Two instances at once, each with a batch of its own; then outcomes, what happens beside, and folds. */
export type Step = {
  /** How much later than the step before, ms. */
  readonly passMs: number
  /** Whose copies are gone. */
  readonly restarts: number | null
  readonly batches: readonly [readonly Paying[], readonly Paying[]]
  readonly happens: readonly Happens[]
  /** Which of the logs are folded, and whether while the payments come. */
  readonly folds: readonly number[]
  readonly foldsMeanwhile: boolean
}

const anyLateness = fc.oneof(
  { weight: 8, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.constantFrom(second, minute, hour) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 10 * day }) },
)

const seldom = (some: fc.Arbitrary<number>): fc.Arbitrary<number | null> =>
  fc.oneof({ weight: 5, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: some })

const anyPaying: fc.Arbitrary<Paying> = fc.record({
  again: seldom(fc.nat()),
  account: fc.nat(1),
  device: fc.option(fc.nat(7), { freq: 6 }),
  merchant: fc.nat(1),
  amount: fc.oneof(fc.constantFrom(100, 100, 1_000_000), fc.integer({ min: 1, max: 10_000 })),
  lateMs: anyLateness,
  outcome: fc.constantFrom('ALLOW' as const, 'ALLOW' as const, null, ...outcomes),
})

/** Many at once and of any age, one like the other. */
const anyBurst: fc.Arbitrary<readonly Paying[]> = fc
  .tuple(anyPaying, fc.integer({ min: 10, max: 25 }), fc.constantFrom(0, 1, second))
  .map(([paying, count, apartMs]) =>
    Array.from({ length: count }, (_, n) => ({
      ...paying,
      again: null,
      lateMs: paying.lateMs + (count - n) * apartMs,
    })),
  )

const anyBatch = fc.oneof(
  { weight: 8, arbitrary: fc.array(anyPaying, { maxLength: 6 }) },
  { weight: 1, arbitrary: anyBurst },
)

const anyHappens: fc.Arbitrary<Happens> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('again' as const), of: fc.nat() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('feedback' as const),
      of: fc.nat(),
      says: fc.constantFrom<FeedbackKind[]>(
        'FRAUD_CONFIRMED',
        'FRAUD_CONFIRMED',
        'FALSE_POSITIVE',
        'DECLINED',
        'STEP_UP_PASSED',
        'STEP_UP_FAILED',
      ),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('event' as const),
      event: fc.constantFrom<AccountEventKind[]>('LOGIN_FAILED', 'LOGIN_FAILED', ...accountEventKinds),
      account: fc.nat(1),
      device: fc.nat(1),
      lateMs: anyLateness,
    }),
  },
)

const anyPass = fc.oneof(
  { weight: 2, arbitrary: fc.constant(0) },
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 10 * minute }) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 3 * hour }) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 2 * day }) },
)

const anyStep: fc.Arbitrary<Step> = fc.record({
  passMs: anyPass,
  restarts: seldom(fc.nat(1)),
  batches: fc.tuple(
    anyBatch,
    fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(anyPaying, { maxLength: 4 }) },
    ),
  ),
  happens: fc.array(anyHappens, { maxLength: 3 }),
  folds: fc.array(fc.nat(), { maxLength: 2 }),
  foldsMeanwhile: fc.boolean(),
})

/** Duplicates, disorder, equal times, late arrivals, bursts of any age; without fast-check's bias towards nothing. */
export const anyStory: fc.Arbitrary<readonly Step[]> = fc.noBias(
  fc.array(anyStep, { minLength: 1, maxLength: 24, size: 'max' }),
)
