import { entityTypes, type EntityType } from '../domain/entity.ts'
import { historyBits, ratesBit } from './degraded.ts'
import { createGroup, type Group } from './group.ts'
import { measures, type Measure, type MeasureName } from './measures.ts'
import type { VelocitySpec } from './names.ts'
import { isNoteMeasureName, noteMeasures } from './noteMeasures.ts'
import { noteReading } from './noteReading.ts'
import type { HistoryView, Recalled } from './recalled.ts'
import type { Placed, Step } from './step.ts'
import { tally, tallyStride } from './tally.ts'
import { walk } from './walk.ts'

/** One feature, ready to be read once its group has been added up. */
type Reading = {
  readonly index: number
  readonly group: Group
  /** How far back its window begins. */
  readonly reachMs: number
  readonly read: (own: Recalled, view: HistoryView) => number
  /** Whether the value is certain although the history begins inside the window. */
  readonly certain: (coveredSince: number, own: Recalled, view: HistoryView) => boolean
  /** Whether it cannot be known any more, as the records are no longer told apart. */
  readonly isGone: () => boolean
  /** Whether a record that counts, or the payment itself, has an amount without a rate. */
  readonly lacksRate: (own: Recalled, view: HistoryView) => boolean
}

const slotOf = (entity: EntityType | null): number => (entity === null ? -1 : entityTypes.indexOf(entity))
const never = (): boolean => false

const isMeasureName = (name: VelocitySpec['measure']): name is MeasureName => name in measures

const lacksRate = (
  measure: Measure,
  cells: Float64Array,
  at: number,
  included: 0 | 1,
): Reading['lacksRate'] => {
  if (measure.amounts === 'none') return never
  const sumAt = at + (measure.amounts === 'all' ? tally.sum : tally.allowedSum)
  const needsOwn = included === 1 || !measure.includesOwn
  return (own) => Number.isNaN((cells[sumAt] ?? 0) + (needsOwn ? own.amountBase : 0))
}

/** How many times its window a measure looks back. */
const windowsOf = ({ measure }: VelocitySpec): number =>
  isMeasureName(measure) ? measures[measure].windows : 1

const distinctReading = (group: Group, window: number, target: EntityType | null): Reading['read'] => {
  const slot = slotOf(target)
  const counts = group.counters.find((counted) => counted.slot === slot)?.counter.counts
  return () => counts?.[window] ?? NaN
}

const readingOf = (group: Group, { index, spec }: Placed<VelocitySpec>, windowMs: number): Reading => {
  const window = group.windowsMs.indexOf(windowMs)
  const where = { index, group, reachMs: windowMs + group.delayMs }
  const { cells } = group
  const at = window * tallyStride
  if (isNoteMeasureName(spec.measure)) {
    const countCell = at + tally.count
    const noted = noteReading(
      noteMeasures[spec.measure],
      windowMs,
      group.delayMs,
      () => cells[countCell] ?? 0,
    )
    return { ...where, ...noted, isGone: never }
  }
  if (!isMeasureName(spec.measure))
    return {
      ...where,
      read: distinctReading(group, window, spec.target),
      certain: never,
      isGone: never,
      lacksRate: never,
    }
  const measure = measures[spec.measure]
  const long = group.windowsMs.indexOf(windowMs * measure.windows)
  const longAt = long * tallyStride
  const median = (): number => group.lists?.median(long) ?? NaN
  // Which amounts are equal is not known either once records are folded.
  const isFolded = (): boolean => Number.isNaN(cells[longAt + tally.same] ?? 0)
  const included = measure.includesOwn && group.delayMs === 0 ? 1 : 0
  return {
    ...where,
    reachMs: windowMs * measure.windows + group.delayMs,
    read: (own) => measure.read(cells, at, own, included, median),
    certain:
      measure.certain === null
        ? never
        : (coveredSince) => measure.certain?.(cells, at, coveredSince) ?? false,
    isGone: () =>
      (measure.medians && isFolded()) ||
      (measure.needs === 'each' && long >= group.countedFrom) ||
      (measure.window === 'required' && Number.isNaN(cells[at + tally.count] ?? 0)),
    lacksRate: lacksRate(measure, cells, longAt, included),
  }
}

const different = <T>(values: readonly T[]): readonly T[] => [...new Set(values)]

const compileGroup = (features: readonly Placed<VelocitySpec>[], retentionMs: number): readonly Reading[] => {
  const specs = features.map(({ spec }) => spec)
  const delayMs = specs[0]?.delayMs ?? 0
  const windowOf = (spec: VelocitySpec): number => spec.windowMs ?? retentionMs - delayMs
  const used = specs.flatMap(({ measure }) => (isMeasureName(measure) ? [measures[measure]] : []))
  const group = createGroup(
    slotOf(specs[0]?.partner ?? null),
    delayMs,
    different(specs.flatMap((spec) => [windowOf(spec), windowOf(spec) * windowsOf(spec)])),
    {
      amounts: used.some(({ amounts, outcomes }) => amounts !== 'none' || outcomes),
      deviations: used.some(({ deviations }) => deviations),
      nights: specs.some(({ measure }) => measure === 'night_share'),
      medians: used.some(({ medians }) => medians),
    },
    different(specs.flatMap(({ target }) => (target === null ? [] : [slotOf(target)]))),
  )
  return features.map((feature) => readingOf(group, feature, windowOf(feature.spec)))
}

/** Features whose records are added up together. */
const groupOf = ({ spec }: Placed<VelocitySpec>): string => `${spec.partner ?? ''} ${spec.delayMs}`

/** The velocity features of one entity: one walk over its history serves all measures and windows of a group. */
const compileEntity = (
  entity: EntityType,
  features: readonly Placed<VelocitySpec>[],
  retentionMs: number,
): Step => {
  const readings = different(features.map(groupOf)).flatMap((name) =>
    compileGroup(
      features.filter((feature) => groupOf(feature) === name),
      retentionMs,
    ),
  )
  const groups = different(readings.map(({ group }) => group))
  const slot = slotOf(entity)
  const historyBit = historyBits[slot] ?? 0

  const read = (
    reading: Reading,
    recalled: Recalled,
    view: HistoryView,
    coveredSince: number,
    row: Float64Array,
  ): number => {
    row[reading.index] = NaN
    if (reading.group.partner >= 0 && reading.group.partnerHash === 0) return 0
    const start = recalled.received.effectiveAt - reading.reachMs
    if (start < coveredSince && !reading.certain(coveredSince, recalled, view)) return historyBit
    const goneUntil = view.history.folded?.goneUntil ?? -Infinity
    if (start < goneUntil && !reading.certain(goneUntil, recalled, view)) return 0
    if (reading.isGone()) return 0
    if (reading.lacksRate(recalled, view)) return ratesBit
    row[reading.index] = reading.read(recalled, view)
    return 0
  }

  return (recalled, row) => {
    const view = recalled.views[slot] ?? null
    if (view === null || view === 'unknown') {
      for (const { index } of readings) row[index] = NaN
      return view === null ? 0 : historyBit
    }
    walk(groups, view, recalled)
    const coveredSince = recalled.coveredSince[slot] ?? Infinity
    let degraded = 0
    for (const reading of readings) degraded |= read(reading, recalled, view, coveredSince, row)
    return degraded
  }
}

/** `retentionMs`: how far back a measure without a window of its own looks. */
export const compileVelocity = (
  features: readonly Placed<VelocitySpec>[],
  retentionMs: number,
): readonly Step[] => {
  const entities = different(features.map(({ spec }) => spec.entity))
  return entities.map((entity) =>
    compileEntity(
      entity,
      features.filter(({ spec }) => spec.entity === entity),
      retentionMs,
    ),
  )
}
