import { SluiceError } from '../errors.ts'
import type { ManifestFeature } from './manifest.ts'
import type { BinsFeature, OneHotFeature, QuantileFeature, StandardiseFeature } from './manifestFeature.ts'
import { compileLinear, countUpTo } from './piecewise.ts'

/** How one feature becomes `width` inputs of the network. */
export type Encoder = {
  readonly width: number
  /** @param raw is known: not NaN */
  readonly write: (raw: number, into: Float32Array, at: number) => void
  /** What stands for an unknown value. */
  readonly missing: Float32Array
}

/** sign(x) ln(1 + |x|): a logarithm that also takes values below zero. */
const signedLog1p = (x: number): number => (x < 0 ? -Math.log1p(-x) : Math.log1p(x))

const single = (inputOf: (raw: number) => number, whenMissing: number): Encoder => ({
  width: 1,
  write: (raw, into, at) => {
    into[at] = inputOf(raw)
  },
  missing: Float32Array.of(inputOf(whenMissing)),
})

const standardise = ({ clip, log1p, mean, scale, whenMissing }: StandardiseFeature): Encoder => {
  const [low, high] = clip ?? [-Infinity, Infinity]
  const clipped = (raw: number): number => (raw < low ? low : raw > high ? high : raw)
  return single(
    log1p === true
      ? (raw) => (signedLog1p(clipped(raw)) - mean) / scale
      : (raw) => (clipped(raw) - mean) / scale,
    whenMissing,
  )
}

const quantile = ({ knots, whenMissing }: QuantileFeature): Encoder =>
  single(compileLinear(knots), whenMissing)

const bins = ({ edges, edgeIn, float32, whenMissing }: BinsFeature): Encoder => {
  const rising = Float64Array.from(edges)
  const strictly = edgeIn === 'below'
  return single(
    float32 === true
      ? (raw) => countUpTo(rising, Math.fround(raw), strictly)
      : (raw) => countUpTo(rising, raw, strictly),
    whenMissing,
  )
}

const oneHot = ({ values }: OneHotFeature): Encoder => {
  const listed = Float64Array.from(values)
  return {
    width: listed.length,
    write: (raw, into, at) => {
      for (let value = 0; value < listed.length; value++) into[at + value] = listed[value] === raw ? 1 : 0
    },
    missing: new Float32Array(listed.length),
  }
}

/** Compiled once a feature. */
export const compileEncoder = (feature: ManifestFeature): Encoder => {
  switch (feature.kind) {
    case 'quantile':
      return quantile(feature)
    case 'oneHot':
      return oneHot(feature)
    case 'bins':
      return bins(feature)
    case 'standardise':
    case undefined:
      return standardise(feature)
    case 'ranks':
      throw new SluiceError(
        'MODEL_INVALID',
        `features: ${feature.name} is of kind ranks, but there are no trees`,
      )
  }
}
