import type { Calibration, Manifest } from './manifest.ts'

/** Numerically safe at both ends: never computes e^large. */
export const sigmoid = (x: number): number =>
  x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x))

/** Beyond this a float32 probability is 0 or 1 and has no logit. */
const edge = 1e-7

const logit = (probability: number): number => {
  const inside = Math.min(1 - edge, Math.max(edge, probability))
  return Math.log(inside / (1 - inside))
}

/** Calibrated log-odds of what the network gave; NaN for anything that is not a finite number. */
export const compileLogOdds = (
  output: Manifest['output'],
  { a, b }: Calibration,
): ((networkOutput: number) => number) => {
  const raw = output === 'logit' ? (x: number): number => x : logit
  return (x) => (Number.isFinite(x) ? a * raw(x) + b : NaN)
}
