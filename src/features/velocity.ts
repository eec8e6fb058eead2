import { entityTypes, type EntityType } from '../domain/entity.ts'
import { historyBits, ratesBit } from './degraded.ts'
import { measures, type Measure } from './measures.ts'
import type { VelocitySpec } from './names.ts'
import type { Recalled } from './recalled.ts'
import type { Placed, Step } from './step.ts'
import { tally, tallyStride } from './tally.ts'
import { createGroup, walk, type Group } from './walk.ts'

/** One feature, ready to be read once its group has been added up. */
type Reading = {
  readonly index: number
  readonly group: Group
  readonly windowMs: number
  readonly read: (own: Recalled) => number
  /** Whether the value is certain although the history begins inside the window. */
  readonly certain: (coveredSince: number) => boolean
  /** Whether a record that counts, or the payment itself, has an amount without a rate. */
  readonly lacksRate: (own: Recalled) => boolean
}

const slotOf = (entity: EntityType | null): number => (entity === null ? -1 : entityTypes.indexOf(entity))
const never = (): boolean => false

const lacksRate = (measure: Measure, cells: Float64Array, at: number): Reading['lacksRate'] => {
  if (measure.amounts === 'none') return never
  const sumAt = at + (measure.amounts === 'all' ? tally.sum : tally.allowedSum)
  return (own) => Number.isNaN((cells[sumAt] ?? 0) + own.amountBase)
}

const readingOf = (group: Group, { index, spec }: Placed<VelocitySpec>, windowMs: number): Reading => {
  const window = group.windowsMs.indexOf(windowMs)
  const where = { index, group, windowMs }
  if (spec.measure === 'distinct') {
    const slot = slotOf(spec.target)
    const counts = group.counters.find((counted) => counted.slot === slot)?.counter.counts
    return { ...where, read: () => counts?.[window] ?? NaN, certain: never, lacksRate: never }
  }
  const measure = measures[spec.measure]
  const { cells } = group
  const at = window * tallyStride
  return {
    ...where,
    read: (own) => measure.read(cells, at, own),
    certain:
      measure.certain === null
        ? never
        : (coveredSince) => measure.certain?.(cells, at, coveredSince) ?? false,
    lacksRate: lacksRate(measure, cells, at),
  }
}

/** Outcomes are added up together with amounts. */
const needsAmounts = (measure: Measure): boolean => measure.amounts !== 'none' || measure.outcomes

const different = <T>(values: readonly T[]): readonly T[] => [...new Set(values)]

const compileGroup = (features: readonly Placed<VelocitySpec>[], retentionMs: number): readonly Reading[] => {
  const specs = features.map(({ spec }) => spec)
  const group = createGroup(
    slotOf(specs[0]?.partner ?? null),
    different(specs.map((spec) => spec.windowMs ?? retentionMs)),
    {
      amounts: specs.some(({ measure }) => measure !== 'distinct' && needsAmounts(measures[measure])),
      deviations: specs.some(({ measure }) => measure !== 'distinct' && measures[measure].deviations),
    },
    different(specs.flatMap(({ target }) => (target === null ? [] : [slotOf(target)]))),
  )
  return features.map((feature) => readingOf(group, feature, feature.spec.windowMs ?? retentionMs))
}

/**
 * The velocity features of one entity: one walk over its history serves all its measures, windows and pairs.
 * `retentionMs`: the window of a measure that has none of its own.
 */
const compileEntity = (
  entity: EntityType,
  features: readonly Placed<VelocitySpec>[],
  retentionMs: number,
): Step => {
  const readings = different(features.map(({ spec }) => spec.partner)).flatMap((partner) =>
    compileGroup(
      features.filter(({ spec }) => spec.partner === partner),
      retentionMs,
    ),
  )
  const groups = different(readings.map(({ group }) => group))
  const slot = slotOf(entity)
  const historyBit = historyBits[slot] ?? 0

  const read = (reading: Reading, recalled: Recalled, coveredSince: number, row: Float64Array): number => {
    row[reading.index] = NaN
    if (reading.group.partner >= 0 && reading.group.partnerHash === 0) return 0
    const start = recalled.received.effectiveAt - reading.windowMs
    if (start < coveredSince && !reading.certain(coveredSince)) return historyBit
    if (reading.lacksRate(recalled)) return ratesBit
    row[reading.index] = reading.read(recalled)
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
    for (const reading of readings) degraded |= read(reading, recalled, coveredSince, row)
    return degraded
  }
}

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
