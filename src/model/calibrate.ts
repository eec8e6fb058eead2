import type { Calibration, Manifest } from './manifest.ts'
import type { IsotonicCalibration, PlattCalibration } from './manifestCalibration.ts'
import { compileLinear, compileSteps } from './piecewise.ts'

/** Numerically safe at both ends: never computes e^large. */
export const sigmoid = (x: number): number =>
  x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x))

/** Beyond this a float32 probability is 0 or 1 and has no logit; reasons need finite log-odds. */
const edge = 1e-7

const logit = (probability: number): number => {
  const inside = Math.min(1 - edge, Math.max(edge, probability))
  return Math.log(inside / (1 - inside))
}

/** Beyond it a probability is 0 or 1 to the last bit of a double. */
const mostLogOdds = 1e6

type LogOdds = (networkOutput: number) => number

const platt =
  (raw: LogOdds, { a, b }: Omit<PlattCalibration, 'kind'>): LogOdds =>
  (x) =>
    a * raw(x) + b

const isotonic = ({ interpolation, points }: IsotonicCalibration): LogOdds => {
  const probabilityOf = interpolation === 'linear' ? compileLinear(points) : compileSteps(points)
  return (x) => logit(probabilityOf(x))
}

const compile = (raw: LogOdds, calibration: Calibration): LogOdds => {
  switch (calibration.kind) {
    case 'none':
      return raw
    case 'platt':
      return platt(raw, calibration)
    case 'isotonic':
      return isotonic(calibration)
  }
}

/** Calibrated log-odds of what the network gave: finite, or NaN for anything that is not a finite number. */
export const compileLogOdds = (output: Manifest['output'], calibration: Calibration): LogOdds => {
  const logOdds = compile(output === 'logit' ? (x) => x : logit, calibration)
  return (x) => {
    if (!Number.isFinite(x)) return NaN
    // A steep line may leave the doubles, and reasons are differences: what is infinite has none.
    return Math.min(mostLogOdds, Math.max(-mostLogOdds, logOdds(x)))
  }
}
