import { describe, expect, test } from 'vitest'
import { bundleFindings } from '../../../../src/compose/doctor/bundleFindings.ts'
import { reasonOf } from '../../../../src/compose/doctor/finding.ts'
import { settingsFindings } from '../../../../src/compose/doctor/settingsFindings.ts'

const onWasm = { model: 'm/1', engine: 'wasm 4', pinned: 'wasm 4', isAsPinned: true } as const
const loaded = {
  loaded: true,
  modelsDir: 'models',
  model: 'm/1',
  bundleHash: 'ab',
  features: 3,
  scoredOn: [onWasm],
} as const

describe('what is found of the models', () => {
  test('is the bundle, where it loads', () => {
    expect(bundleFindings({ ...loaded, signer: { keyId: 'team-a', reason: null } })).toMatchObject([
      { status: 'ok', found: 'm/1, bundle ab, 3 features' },
      { status: 'ok', found: 'signed by team-a' },
      { status: 'ok', found: 'm/1 on wasm 4' },
    ])
  })

  test('is a warning where an unsigned model is allowed', () => {
    const [, signature] = bundleFindings({ ...loaded, signer: { keyId: null, reason: 'is not signed' } })
    expect(signature).toMatchObject({ status: 'warning', found: 'is not signed' })
    expect(signature?.advice).toContain('sluice model sign')
  })

  test('is a warning where a model scores on another engine than it is pinned to', () => {
    const scoredOn = [{ ...onWasm, engine: 'cpu 4', isAsPinned: false }]
    const findings = bundleFindings({ ...loaded, scoredOn, signer: { keyId: 'team-a', reason: null } })
    expect(findings.at(-1)).toMatchObject({ status: 'warning', found: 'm/1 on cpu 4, pinned to wasm 4' })
  })

  test.each([
    ['MODEL_UNVERIFIED', 'bring back the files'],
    ['MODEL_UNSIGNED', 'sluice model sign'],
    ['MODEL_UNSAFE', 'do not use this model'],
    ['KEY_INVALID', 'Ed25519'],
    ['BACKEND_UNAVAILABLE', 'install the pinned engine'],
    ['POLICY_INVALID', 'correct policy.yaml'],
    ['MODEL_INVALID', 'set SLUICE_MODELS_DIR (models)'],
  ] as const)('is why it does not: %s', (code, advice) => {
    const [finding] = bundleFindings({ loaded: false, modelsDir: 'models', code, reason: 'a reason' })
    expect(finding).toMatchObject({ status: 'failed', found: 'a reason' })
    expect(finding?.advice).toContain(advice)
  })
})

describe('what is found of the settings', () => {
  test('is nothing wrong where they are complete', () => {
    const findings = settingsFindings({ problem: null, misspelt: [], rates: 2 })
    expect(findings.map(({ status, found }) => [status, found])).toEqual([
      ['ok', 'complete'],
      ['ok', 'rates: 2'],
    ])
  })

  test('is what sluice run would refuse, what is misspelt, and rates that cannot be read', () => {
    const misspelt = [{ given: 'SLUICE_BATCHMAX', meant: 'SLUICE_BATCH_MAX' }]
    expect(
      settingsFindings({ problem: 'no key', misspelt, rates: 'rates.csv, line 2: wrong' }),
    ).toMatchObject([
      { check: 'settings: environment', status: 'warning', found: 'no key' },
      {
        check: 'settings: SLUICE_BATCHMAX',
        status: 'warning',
        expected: 'a key; is SLUICE_BATCH_MAX meant?',
      },
      { check: 'settings: exchange rates', status: 'failed', found: 'rates.csv, line 2: wrong' },
    ])
  })
})

test('a reason is the messages of an error and its causes, each once', () => {
  const refused = Object.assign(new Error(''), { code: 'ECONNREFUSED' })
  expect(reasonOf(new Error('cannot', { cause: new Error('cannot', { cause: refused }) }))).toBe(
    'cannot: ECONNREFUSED',
  )
  expect(reasonOf('a text')).toBe('a text')
})
