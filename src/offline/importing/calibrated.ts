import { SluiceError } from '../../errors.ts'
import { compileLogOdds, sigmoid } from '../../model/calibrate.ts'
import type { Calibration, GoldenVector } from '../../model/manifest.ts'
import { fitIsotonic } from '../training/isotonic.ts'
import { fitPlatt } from '../training/platt.ts'

/** How the output of imported trees becomes a probability; null: it is the library's. */
export const calibrationKinds = ['platt', 'isotonic'] as const
export type CalibrationKind = (typeof calibrationKinds)[number]

/** Payments in the order of time, each with the log-odds that the trees gave it. */
export type Scored = { readonly logits: Float64Array; readonly labels: readonly (0 | 1)[] }

/** The earlier half, to fit to, and the later one, to measure on: neither says anything of the other. */
export type Halves = { readonly earlier: Scored; readonly later: Scored }

const bothKinds = (name: string, half: Scored): Scored => {
  const frauds = half.labels.filter((label) => label === 1).length
  if (frauds > 0 && frauds < half.labels.length) return half
  throw new SluiceError(
    'FILE_INVALID',
    `--calibrate: expected payments of both kinds in the ${name} half of those with a label, found ${frauds} frauds among ${half.labels.length}`,
  )
}

/** @throws SluiceError FILE_INVALID if a half has payments of one kind only */
export const halvesOf = ({ logits, labels }: Scored): Halves => {
  const middle = labels.length >> 1
  return {
    earlier: bothKinds('earlier', { logits: logits.subarray(0, middle), labels: labels.slice(0, middle) }),
    later: bothKinds('later', { logits: logits.subarray(middle), labels: labels.slice(middle) }),
  }
}

/** @throws SluiceError FILE_INVALID if a higher output does not mean more fraud */
export const fitCalibration = (kind: CalibrationKind, { logits, labels }: Scored): Calibration => {
  if (kind === 'isotonic') return fitIsotonic(logits, labels)
  const platt = fitPlatt(logits, labels)
  if (platt.a > 0) return platt
  throw new SluiceError(
    'FILE_INVALID',
    `--calibrate: expected labels that the model's output rises with, found a slope of ${platt.a}`,
  )
}

/** What a calibration makes of the model's log-odds. */
export const probabilitiesOf = (calibration: Calibration, logits: Float64Array): Float64Array => {
  const logOdds = compileLogOdds('logit', calibration)
  return logits.map((logit) => sigmoid(logOdds(logit)))
}

/** The same rows, with what the calibrated model must give: whether it is the library's was seen before. */
export const goldenUnder = (
  calibration: Calibration,
  golden: readonly GoldenVector[],
  logits: Float64Array,
): readonly GoldenVector[] => {
  const probabilities = probabilitiesOf(calibration, logits)
  return golden.map(({ row }, at) => ({ row, probability: probabilities[at]! }))
}
