import type { ErrorCode } from '../../errors.ts'
import type { Signer } from '../../model/trust.ts'
import { failed, ok, type Finding, warning } from './finding.ts'

export type BundleFacts =
  | {
      readonly loaded: true
      readonly modelsDir: string
      readonly model: string
      readonly bundleHash: string
      readonly features: number
      readonly signer: Signer
    }
  | {
      readonly loaded: false
      readonly modelsDir: string
      readonly code: ErrorCode
      readonly reason: string
    }

const howToSign = 'sluice model sign with a key whose public half lies in the key ring; see docs/models.md'

const advice: Readonly<Partial<Record<ErrorCode, string>>> = {
  MODEL_UNVERIFIED:
    'bring back the files that were promoted, or sluice model promote those that are there now',
  MODEL_UNSIGNED: howToSign,
  MODEL_UNSAFE: 'do not use this model: ask whoever made it',
  KEY_INVALID: 'put the public half of an Ed25519 key there, or remove the file from the key ring',
  BACKEND_UNAVAILABLE: 'install the pinned engine, or pin another one: sluice model promote --backend NAME',
  POLICY_INVALID: 'correct policy.yaml, then sluice model promote',
}

const signatureFinding = ({ keyId, reason }: Signer): Finding => {
  const expected = 'signed by a key of the ring'
  return keyId === null
    ? warning('models: signature', { found: reason, expected, advice: howToSign })
    : ok('models: signature', { found: `signed by ${keyId}`, expected })
}

export const bundleFindings = (facts: BundleFacts): readonly Finding[] => {
  const expected = 'loads, and every hash and golden vector is right'
  if (facts.loaded) {
    const found = `${facts.model}, bundle ${facts.bundleHash}, ${facts.features} features`
    return [ok('models: bundle', { found, expected }), signatureFinding(facts.signer)]
  }
  return [
    failed('models: bundle', {
      found: facts.reason,
      expected,
      advice: advice[facts.code] ?? `set SLUICE_MODELS_DIR (${facts.modelsDir}) to a folder with active.json`,
    }),
  ]
}
