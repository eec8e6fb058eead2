import { describe, expect, it } from 'vitest'
import { canonicalJson } from '../../../src/model/canonical.ts'
import { parseManifest } from '../../../src/model/manifest.ts'
import { pinSchema } from '../../../src/model/pin.ts'
import { goodManifest } from '../../support/model/manifest.ts'
import { throwing } from '../../support/model/throwing.ts'

const unknowns = { name: 'a', missingIndicator: false, whenMissing: 0 }
const parse = (changes: object) => () =>
  parseManifest(JSON.stringify({ ...goodManifest, ...changes }), 'manifest.json')

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
    [
      'a scale of zero',
      parse({ features: [{ ...goodManifest.features[0], scale: 0 }] }),
      /features\[0\].scale/,
    ],
    [
      'a feature twice',
      parse({ features: [...goodManifest.features, ...goodManifest.features] }),
      /listed twice/,
    ],
    ['a reason for no feature', parse({ reasonGroups: [{ code: 'A', baseline: { x: 1 } }] }), /names x/],
    [
      'a golden row too long',
      parse({ goldenVectors: [{ row: [1, 2], probability: 0.5 }] }),
      /rows of 1 values/,
    ],
    [
      'a kind of preprocessing that does not exist',
      parse({ features: [{ kind: 'rank', name: 'a', missingIndicator: false }] }),
      /features\[0\]/,
    ],
    [
      'quantiles that fall',
      parse({
        features: [
          {
            kind: 'quantile',
            ...unknowns,
            knots: [
              [2, 0],
              [1, 1],
            ],
          },
        ],
      }),
      /values of knots must rise/,
    ],
    [
      'bins that do not rise',
      parse({ features: [{ kind: 'bins', ...unknowns, edges: [1, 1] }] }),
      /edges must rise/,
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
