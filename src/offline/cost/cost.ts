import type { Happening } from '../../domain/happening.ts'
import type { Received } from '../../domain/received.ts'
import { parseFeatureName, type FeatureSpec } from '../../features/names.ts'
import type { FeatureSettings } from '../../features/plan.ts'
import type { CostStore, EntityBytes } from './costStore.ts'
import type { Arrived, CostSource } from './sources.ts'
import { createTiming, median, type Timed } from './timing.ts'

export type FeatureCost = {
  readonly name: string
  /** Microseconds a payment of a set that has this feature alone. */
  readonly aloneMicros: number
  /** Of the whole set less those of the set without it; the walk that others need too is not in here. */
  readonly addedMicros: number
}

export type MeasureCost = { readonly measure: string; readonly features: number; readonly micros: number }

export type CostReport = {
  readonly source: CostSource['of']
  /** Payments that were measured, and how often. */
  readonly payments: number
  readonly rounds: number
  /** Microseconds a payment: of the whole set, and of remembering and recalling it beforehand. */
  readonly setMicros: number
  readonly rememberMicros: number
  readonly features: readonly FeatureCost[]
  readonly measures: readonly MeasureCost[]
  /** Of the kinds of entities whose histories the set reads. */
  readonly entities: readonly EntityBytes[]
}

export type CostDeps = {
  readonly store: CostStore
  readonly source: CostSource
  readonly settings: FeatureSettings
  /** Payments at the end that are measured, at most a few thousand. */
  readonly measured: number
  readonly rounds: number
  /** Monotonic milliseconds. */
  readonly now: () => number
  readonly onPayments: (count: number) => void
}

const batchSize = 64
const microsPerMs = 1_000

const measureOf = (spec: FeatureSpec): string => (spec.family === 'velocity' ? spec.measure : spec.family)

type Run = { readonly payments: Received[]; readonly happenings: Happening[] }
const emptyRun = (): Run => ({ payments: [], happenings: [] })

/** Micro-batches of payments, and what happened beside them meanwhile. */
function* runsOf(arrivals: Iterable<Arrived>): Generator<Run, void, undefined> {
  let run = emptyRun()
  for (const arrived of arrivals) {
    if ('happening' in arrived) run.happenings.push(arrived.happening)
    else run.payments.push(arrived.received)
    if (run.payments.length < batchSize) continue
    yield run
    run = emptyRun()
  }
  yield run
}

const paymentsIn = (arrivals: Iterable<Arrived>): number => {
  let count = 0
  for (const arrived of arrivals) if ('received' in arrived) count++
  return count
}

/** The sets that are compared: the whole, each feature alone, the whole without each, and each measure. */
const setsOf = (names: readonly string[], deps: CostDeps) => {
  const timing = createTiming(deps)
  const specs = names.map((name) => ({ name, spec: parseFeatureName(name) }))
  const measures = [...new Set(specs.map(({ spec }) => measureOf(spec)))]
  return {
    timing,
    entities: new Set(specs.flatMap(({ spec }) => (spec.family === 'velocity' ? [spec.entity] : []))),
    whole: timing.add(names),
    features: names.map((name) => ({
      name,
      alone: timing.add([name]),
      added: timing.addDifference(
        names,
        names.filter((other) => other !== name),
      ),
    })),
    measures: measures.map((measure) => {
      const some = specs.filter(({ spec }) => measureOf(spec) === measure).map(({ name }) => name)
      return { measure, features: some.length, timed: timing.add(some) }
    }),
  }
}

/**
 * What a set of features costs on histories of the source: all of it is remembered, and the features of its last
 * payments are computed again and again. Medians of the rounds. @throws SluiceError FEATURE_UNKNOWN
 */
export const measureCost = async (names: readonly string[], deps: CostDeps): Promise<CostReport> => {
  const { store, source, now } = deps
  const { timing, entities, whole, features, measures } = setsOf(names, deps)
  const from = paymentsIn(source.arrivals()) - deps.measured
  const rememberMicros: number[] = []
  let payments = 0
  let counted = 0
  for (const run of runsOf(source.arrivals())) {
    if (run.happenings.length > 0) await store.note(run.happenings)
    if (run.payments.length === 0) continue
    const startedAt = now()
    const recalled = await store.remember(run.payments)
    const tookMs = now() - startedAt
    payments += recalled.length
    deps.onPayments(payments)
    if (payments <= from) continue
    rememberMicros.push((tookMs * microsPerMs) / recalled.length)
    timing.measure(recalled)
    counted += recalled.length
  }

  const microsOf = ({ medianMs }: Timed): number => (medianMs() * microsPerMs) / counted
  return {
    source: source.of,
    payments: counted,
    rounds: deps.rounds,
    setMicros: microsOf(whole),
    rememberMicros: median(rememberMicros),
    features: features.map(({ name, alone, added }) => ({
      name,
      aloneMicros: microsOf(alone),
      addedMicros: microsOf(added),
    })),
    measures: measures.map(({ measure, features: count, timed }) => ({
      measure,
      features: count,
      micros: microsOf(timed),
    })),
    entities: (await store.sizes()).filter(({ entity }) => entities.has(entity)),
  }
}
