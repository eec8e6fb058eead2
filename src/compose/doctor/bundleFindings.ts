import type { ErrorCode } from '../../errors.ts'
import { failed, ok, type Finding } from './finding.ts'

export type BundleFacts =
  | {
      readonly loaded: true
      readonly modelsDir: string
      readonly model: string
      readonly bundleHash: string
      readonly features: number
    }
  | {
      readonly loaded: false
      readonly modelsDir: string
      readonly code: ErrorCode
      readonly reason: string
    }

const advice: Readonly<Partial<Record<ErrorCode, string>>> = {
  MODEL_UNVERIFIED:
    'bring back the files that were promoted, or sluice model promote those that are there now',
  BACKEND_UNAVAILABLE: 'install the pinned engine, or pin another one: sluice model promote --backend NAME',
  POLICY_INVALID: 'correct policy.yaml, then sluice model promote',
}

export const bundleFindings = (facts: BundleFacts): readonly Finding[] => {
  const expected = 'loads, and every hash and golden vector is right'
  if (facts.loaded) {
    const found = `${facts.model}, bundle ${facts.bundleHash}, ${facts.features} features`
    return [ok('models: bundle', { found, expected })]
  }
  return [
    failed('models: bundle', {
      found: facts.reason,
      expected,
      advice: advice[facts.code] ?? `set SLUICE_MODELS_DIR (${facts.modelsDir}) to a folder with active.json`,
    }),
  ]
}
