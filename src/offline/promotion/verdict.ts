import { outcomes } from '../../domain/outcome.ts'
import { binOf } from '../../model/baseline.ts'
import { leastCount } from '../../model/drift.ts'
import { fitBaseline } from '../../model/fitBaseline.ts'
import { psi } from '../../model/psi.ts'
import { areaUnderRoc, averagePrecision } from '../metrics/rankMetrics.ts'
import { rank, type Ranking } from '../metrics/ranking.ts'
import { type CalibrationBin, calibrationBins, evenEnds, histogramOf } from '../report/curves.ts'
import { quantile } from '../training/quantile.ts'
import type { Comparison } from './comparison.ts'

const allow = outcomes.indexOf('ALLOW')
const stepUp = outcomes.indexOf('STEP_UP')
const block = outcomes.indexOf('BLOCK')

/** How well outcomes fit the labels that are known. NaN where there is nothing to divide by. */
export type Quality = {
  /** Payments with a label and a score. */
  readonly rows: number
  readonly frauds: number
  readonly averagePrecision: number
  readonly areaUnderRoc: number
  /** Of what is not allowed, and of what is blocked. */
  readonly stopped: PrecisionAndRecall
  readonly blocked: PrecisionAndRecall
}
export type PrecisionAndRecall = {
  readonly count: number
  readonly precision: number
  readonly recall: number
}

export type Latency = { readonly p50: number; readonly p99: number; readonly max: number }

/** Payments on which the two differ, and what is known of them. */
export type Difference = {
  readonly count: number
  readonly labelled: number
  readonly frauds: number
}

/** One challenger beside the model that it would replace. */
export type Verdict = {
  readonly base: string
  readonly model: string
  readonly payments: number
  readonly decidedAsCanary: number
  /** By outcome of the base, then of the challenger. */
  readonly agreement: readonly (readonly number[])[]
  readonly agreementShare: number
  /** The challenger blocks what the base lets through, at once or after a step-up. */
  readonly wouldHaveBlocked: Difference
  readonly wouldHaveLetThrough: Difference
  /** Payments that the challenger could not score. */
  readonly unscored: number
  readonly scores: {
    readonly ends: readonly number[]
    readonly base: readonly number[]
    readonly model: readonly number[]
    /** Over the deciles of the base; NaN for too few payments. */
    readonly psi: number
  }
  /** Microseconds of the calls that the payments were in; in a batch they share one. */
  readonly latencyMicros: { readonly base: Latency; readonly model: Latency }
  readonly quality: { readonly base: Quality; readonly model: Quality }
}

/** What the plots need besides. */
export type Curves = {
  readonly base: { readonly ranking: Ranking; readonly calibration: readonly CalibrationBin[] }
  readonly model: { readonly ranking: Ranking; readonly calibration: readonly CalibrationBin[] }
}

const scoreEnds = evenEnds(0, 1, 20)

const tableOf = ({ baseOutcomes, outcomes: theirs }: Comparison): number[][] => {
  const table = outcomes.map(() => outcomes.map(() => 0))
  baseOutcomes.forEach((base, at) => {
    const row = table[base]
    const column = theirs[at]
    if (row !== undefined && column !== undefined) row[column] = (row[column] ?? 0) + 1
  })
  return table
}

const differenceOf = (
  { baseOutcomes, outcomes: theirs, labels }: Comparison,
  differs: (base: number, model: number) => boolean,
): Difference => {
  const some = labels.filter((_, at) => differs(baseOutcomes[at] ?? NaN, theirs[at] ?? NaN))
  const known = some.filter((label) => !Number.isNaN(label))
  return { count: some.length, labelled: known.length, frauds: known.filter((label) => label === 1).length }
}

const latencyOf = (micros: readonly number[]): Latency => {
  const sorted = Float64Array.from(micros).sort()
  return { p50: quantile(sorted, 0.5), p99: quantile(sorted, 0.99), max: sorted.at(-1) ?? NaN }
}

const precisionAndRecall = (
  labels: readonly number[],
  places: readonly number[],
  least: number,
): PrecisionAndRecall => {
  const stopped = labels.filter((_, at) => (places[at] ?? NaN) >= least)
  const found = stopped.filter((label) => label === 1).length
  const frauds = labels.filter((label) => label === 1).length
  return { count: stopped.length, precision: found / stopped.length, recall: found / frauds }
}

type Labelled = {
  readonly scores: readonly number[]
  readonly places: readonly number[]
  readonly labels: readonly number[]
}

/** The payments whose label is known and that both could score: the two are measured on the same ones. */
const labelledOf = (comparison: Comparison): { readonly base: Labelled; readonly model: Labelled } => {
  const { baseProbabilities, probabilities, labels, baseOutcomes, outcomes: theirs } = comparison
  const isUsed = (_: unknown, at: number): boolean =>
    [labels[at], baseProbabilities[at], probabilities[at]].every((each) => !Number.isNaN(each ?? NaN))
  const known = labels.filter(isUsed)
  return {
    base: { scores: baseProbabilities.filter(isUsed), places: baseOutcomes.filter(isUsed), labels: known },
    model: { scores: probabilities.filter(isUsed), places: theirs.filter(isUsed), labels: known },
  }
}

const qualityOf = ({ scores, places, labels }: Labelled): Quality => {
  const ranking = rank(scores, labels)
  return {
    rows: labels.length,
    frauds: ranking.fraudCount,
    averagePrecision: averagePrecision(ranking),
    areaUnderRoc: areaUnderRoc(ranking),
    stopped: precisionAndRecall(labels, places, stepUp),
    blocked: precisionAndRecall(labels, places, block),
  }
}

const scorePsi = (base: readonly number[], model: readonly number[]): number => {
  const { edges, shares } = fitBaseline([], [], base).score
  const known = model.filter((score) => !Number.isNaN(score))
  if (known.length < leastCount) return NaN
  const counts = shares.map(() => 0)
  for (const score of known) {
    const bin = binOf(score, edges)
    counts[bin] = (counts[bin] ?? 0) + 1
  }
  return psi(
    counts.map((count) => count / known.length),
    shares,
  )
}

export const verdictOf = (comparison: Comparison): Verdict => {
  const { base, model, decided, probabilities, baseProbabilities } = comparison
  const agreement = tableOf(comparison)
  const payments = probabilities.length
  const [ofBase, ofModel] = [histogramOf(baseProbabilities, scoreEnds), histogramOf(probabilities, scoreEnds)]
  const labelled = labelledOf(comparison)
  return {
    base,
    model,
    payments,
    decidedAsCanary: decided,
    agreement,
    agreementShare: agreement.reduce((sum, row, at) => sum + (row[at] ?? 0), 0) / payments,
    wouldHaveBlocked: differenceOf(comparison, (ours, theirs) => ours !== block && theirs === block),
    wouldHaveLetThrough: differenceOf(comparison, (ours, theirs) => ours !== allow && theirs === allow),
    unscored: probabilities.filter(Number.isNaN).length,
    scores: {
      ends: scoreEnds,
      base: ofBase,
      model: ofModel,
      psi: scorePsi(baseProbabilities, probabilities),
    },
    latencyMicros: { base: latencyOf(comparison.baseMicros), model: latencyOf(comparison.micros) },
    quality: { base: qualityOf(labelled.base), model: qualityOf(labelled.model) },
  }
}

/** null where there is not some of each, fraud and genuine. */
export const curvesOf = (comparison: Comparison): Curves | null => {
  const { base, model } = labelledOf(comparison)
  if (new Set(base.labels).size < 2) return null
  const of = ({ scores, labels }: Labelled) => ({
    ranking: rank(scores, labels),
    calibration: calibrationBins(scores, labels),
  })
  return { base: of(base), model: of(model) }
}
