import { describe, expect, it } from 'vitest'
import { canonicalJson } from '../../../src/model/canonical.ts'
import { parseManifest } from '../../../src/model/manifest.ts'
import { pinSchema } from '../../../src/model/pin.ts'
import { throwing } from '../../support/model/throwing.ts'

const good = {
  manifestVersion: 1,
  id: 'payment-risk',
  version: '1',
  format: 'tfjs-layers',
  output: 'logit',
  files: { 'model.json': 'a'.repeat(64) },
  features: [{ name: 'payment.amount', mean: 0, scale: 1, whenMissing: 0, missingIndicator: false }],
  calibration: { kind: 'platt', a: 1, b: 0 },
  reasonGroups: [{ code: 'UNUSUAL_AMOUNT', baseline: { 'payment.amount': null } }],
  goldenTolerance: 1e-5,
  goldenVectors: [{ row: [null], probability: 0.5 }],
  training: {},
  metrics: {},
  thresholds: [],
}
const parse = (changes: object) => () =>
  parseManifest(JSON.stringify({ ...good, ...changes }), 'manifest.json')

describe('manifest', () => {
  it('is read', () => {
    expect(parse({})().id).toBe('payment-risk')
  })

  it.each([
    ['no JSON', () => parseManifest('{', 'manifest.json'), /expected JSON/],
    ['an unknown key', parse({ extra: 1 }), /extra/],
    ['a later version', parse({ manifestVersion: 2 }), /manifestVersion/],
    ['a path out of the folder', parse({ files: { '../model.json': 'a'.repeat(64) } }), /inside the folder/],
    ['an absolute path', parse({ files: { '/model.json': 'a'.repeat(64) } }), /inside the folder/],
    ['a missing model.json', parse({ files: { 'other.json': 'a'.repeat(64) } }), /model.json to be listed/],
    ['no hash', parse({ files: { 'model.json': 'md5' } }), /SHA-256/],
    ['a scale of zero', parse({ features: [{ ...good.features[0], scale: 0 }] }), /features\[0\].scale/],
    ['a feature twice', parse({ features: [...good.features, ...good.features] }), /listed twice/],
    ['a reason for no feature', parse({ reasonGroups: [{ code: 'A', baseline: { x: 1 } }] }), /names x/],
    [
      'a golden row too long',
      parse({ goldenVectors: [{ row: [1, 2], probability: 0.5 }] }),
      /rows of 1 values/,
    ],
    ['no golden vectors', parse({ goldenVectors: [] }), /goldenVectors/],
    ['a tolerance that lets all through', parse({ goldenTolerance: 1 }), /goldenTolerance/],
  ])('refuses %s', (_what, read, expected) => {
    const error = throwing(read)
    expect(error.code).toBe('MODEL_INVALID')
    expect(error.message).toMatch(expected)
  })
})

describe('pin', () => {
  it('asks for one shape on tfjs-node, as its scores depend on a row’s place', () => {
    const pin = { backend: 'tfjs-node', version: '1' }
    expect(pinSchema.safeParse({ ...pin, batchShapes: [64] }).success).toBe(true)
    expect(pinSchema.safeParse({ ...pin, batchShapes: [] }).success).toBe(false)
    expect(pinSchema.safeParse({ ...pin, batchShapes: [1, 64] }).success).toBe(false)
    expect(pinSchema.safeParse({ ...pin, backend: 'wasm', batchShapes: [64, 8] }).success).toBe(false)
  })
})

describe('canonical JSON', () => {
  it('does not depend on the order of keys', () => {
    expect(canonicalJson({ b: [1, { d: null, c: 'x' }], a: 0.1 })).toBe(
      '{"a":0.1,"b":[1,{"c":"x","d":null}]}',
    )
  })
})
