import type { ProtectionLevel } from '../domain/protection.ts'
import type { Facts, FeatureIndex } from './facts.ts'
import { refuse } from './invalid.ts'
import type { Verdict } from './judge.ts'
import type { Given } from './policyTerms.ts'
import type { PolicyText } from './policyText.ts'
import type { CompiledRule } from './rules.ts'
import type { ProtectionClass } from './protectionClass.ts'
import { NO, UNKNOWN, YES } from './truth.ts'

const spoken = { [NO]: 'no hit', [YES]: 'hit', [UNKNOWN]: 'unknown' } as const

/** @throws SluiceError POLICY_INVALID when a rule's own case comes out otherwise than it says */
export const runRuleCases = (rules: readonly CompiledRule[]): void => {
  for (const { spec, place, condition } of rules) {
    const slot = indexOf(condition.features)
    const test = condition.bind(slot)
    spec.cases.forEach(({ given, expect }, i) => {
      const found = spoken[test(factsOf(given, slot, place('cases', i)))]
      if (found !== expect) refuse(place('cases', i), `expected ${expect}, found ${found}`)
    })
  }
}

/** @throws SluiceError POLICY_INVALID when the whole policy decides otherwise than one of its cases says */
export const runPolicyCases = (
  { spec, place }: PolicyText,
  judge: (facts: Facts) => Verdict,
  slot: FeatureIndex,
): void => {
  spec.cases.forEach(({ name, given, outcome }, i) => {
    const verdict = judge(factsOf(given, slot, place('cases', i)))
    if (verdict.outcome === outcome) return
    const reasons = verdict.reasons.map(({ code }) => code).join(', ')
    refuse(
      place('cases', i),
      `${name}: expected ${outcome}, found ${verdict.outcome} (${reasons || 'no reason'})`,
    )
  })
}

export const indexOf = (features: readonly string[]): FeatureIndex =>
  new Map(features.map((name, at) => [name, at]))

const levelOf = (given: ProtectionClass | undefined): ProtectionLevel =>
  given === undefined || given === 'NO_DEVICE' ? 'UNKNOWN' : given

/** Cases speak of the time before any rule expires. */
export const factsOf = (given: Given, slot: FeatureIndex, place: string): Facts => {
  const features = new Float64Array(slot.size).fill(NaN)
  for (const [name, value] of Object.entries(given.features ?? {})) {
    const at = slot.get(name)
    if (at === undefined) return refuse(place, `feature ${name} is not used here`)
    features[at] = value
  }
  return {
    features,
    payment: {
      amountMinor: given.payment?.amountMinor ?? NaN,
      currency: given.payment?.currency ?? null,
      channel: given.payment?.channel ?? null,
      method: given.payment?.method ?? null,
      country: given.payment?.country ?? null,
      mcc: given.payment?.mcc ?? null,
      deviceId: given.protection === 'NO_DEVICE' ? null : 'a-device',
    },
    protection: { level: levelOf(given.protection) },
    listed: [],
    probability: given.probability ?? NaN,
    degraded: given.degraded ?? [],
    late: given.late ?? false,
    effectiveAt: -Infinity,
  }
}
