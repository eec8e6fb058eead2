import type { ErrorCode } from '../../errors.ts'
import type { Signer } from '../../model/trust.ts'
import type { ScoredOn } from '../scoredOn.ts'
import { failed, ok, type Finding, warning } from './finding.ts'

export type BundleFacts =
  | {
      readonly loaded: true
      readonly modelsDir: string
      readonly model: string
      readonly bundleHash: string
      readonly features: number
      readonly signer: Signer
      readonly scoredOn: readonly ScoredOn[]
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

const engineFinding = (scoredOn: readonly ScoredOn[]): Finding => {
  const expected = 'each model on the engine that it is pinned to'
  const others = scoredOn.filter((each) => !each.isAsPinned)
  const found = scoredOn.map(({ model, engine }) => `${model} on ${engine}`).join(', ')
  return others.length === 0
    ? ok('models: engine', { found, expected })
    : warning('models: engine', {
        found: others
          .map(({ model, engine, pinned }) => `${model} on ${engine}, pinned to ${pinned}`)
          .join(', '),
        expected,
        advice:
          'scores may differ from those of other instances: install the pinned engine, or promote again',
      })
}

export const bundleFindings = (facts: BundleFacts): readonly Finding[] => {
  const expected = 'loads, and every hash and golden vector is right'
  if (facts.loaded) {
    const found = `${facts.model}, bundle ${facts.bundleHash}, ${facts.features} features`
    return [
      ok('models: bundle', { found, expected }),
      signatureFinding(facts.signer),
      engineFinding(facts.scoredOn),
    ]
  }
  return [
    failed('models: bundle', {
      found: facts.reason,
      expected,
      advice: advice[facts.code] ?? `set SLUICE_MODELS_DIR (${facts.modelsDir}) to a folder with active.json`,
    }),
  ]
}
