import type { Intelligence } from '../domain/intelligence.ts'
import { SluiceError } from '../errors.ts'
import { degradedNames, nothingLags, type Lagging } from './degraded.ts'
import { compileDeviceFeatures } from './deviceFeatures.ts'
import { compileIntelFeatures } from './intelFeatures.ts'
import { compileLagging } from './lagging.ts'
import { parseFeatureName, reachOf, type FeatureSpec, type VelocitySpec } from './names.ts'
import { compilePaymentFeatures } from './paymentFeatures.ts'
import type { Recalled } from './recalled.ts'
import type { Placed, Step } from './step.ts'
import { compileVelocity } from './velocity.ts'
import {
  compileVulnerabilityFeatures,
  noSystemKnowledge,
  type SystemKnowledge,
} from './vulnerabilityFeatures.ts'
import { formatWindow } from './windows.ts'

/** A list of feature names made into a function, once, when a model or a policy is loaded. */
export type FeaturePlan = {
  readonly names: readonly string[]
  /**
   * Writes one number for each name into `row`, in their order; NaN is "not known". Returns the inputs for whose
   * lack a number is not known, sorted (see `degradedInputs`). A number can be unknown without any lack: a mean of
   * nothing, a card feature of a payment without a card.
   * @param lagging what lagged before anything of `recalled` was read; nothing by default
   */
  compute(recalled: Recalled, row: Float64Array, lagging?: Lagging): readonly string[]
}

export type FeatureSettings = {
  /** How long histories are kept: the longest window, and that of measures without one. */
  readonly retentionMs: number
  /** Without it `intel.*` is not known. */
  readonly intelligence?: Intelligence | null
  /** Without it `device.vulnerability.*` and `device.os.*` are not known. */
  readonly systems?: SystemKnowledge
}

export const defaultRetentionMs = 40 * 86_400_000

const checkWindow = (spec: FeatureSpec, retentionMs: number): void => {
  if (spec.family !== 'velocity' || (reachOf(spec) ?? 0) <= retentionMs) return
  throw new SluiceError(
    'FEATURE_UNKNOWN',
    `feature ${spec.name} looks back further than histories are kept (${formatWindow(retentionMs)})`,
  )
}

/** Throws FEATURE_UNKNOWN for a name that is not in the grammar or whose window is longer than the retention. */
export const compileFeatures = (names: readonly string[], settings: FeatureSettings): FeaturePlan => {
  const { retentionMs, systems = noSystemKnowledge, intelligence = null } = settings
  const specs = names.map((name, index) => ({ index, spec: parseFeatureName(name) }))
  for (const { spec } of specs) checkWindow(spec, retentionMs)
  const named = specs.map(({ index, spec }) => ({ index, spec: spec.name }))
  const velocity = specs.filter((placed): placed is Placed<VelocitySpec> => placed.spec.family === 'velocity')
  const steps: readonly Step[] = [
    ...compileVelocity(velocity, retentionMs),
    ...compilePaymentFeatures(named, retentionMs),
    ...compileDeviceFeatures(named),
    ...compileVulnerabilityFeatures(named, systems),
    ...compileIntelFeatures(named, intelligence),
  ]
  const forgetLagging = compileLagging(specs)
  return {
    names,
    compute: (recalled, row, lagging = nothingLags) => {
      let degraded = 0
      for (const step of steps) degraded |= step(recalled, row)
      if (lagging !== nothingLags) degraded |= forgetLagging(recalled, row, lagging)
      return degradedNames(degraded)
    },
  }
}
