import { describe, expect, it } from 'vitest'
import { openBackend } from '../../../../src/model/backend.ts'
import { parseManifest } from '../../../../src/model/manifest.ts'
import { compilePreprocess } from '../../../../src/model/preprocess.ts'
import { goodManifest } from '../../../support/model/manifest.ts'
import { rejecting, throwing } from '../../../support/model/throwing.ts'

const hash = 'a'.repeat(64)
const trees = {
  ...goodManifest,
  format: 'trees',
  files: { 'trees.json': hash, 'trees.bin': hash },
  features: [{ kind: 'ranks', name: 'payment.amount' }],
}
const refusal = (manifest: object): string =>
  throwing(() => parseManifest(JSON.stringify(manifest), 'm')).message

describe('a manifest of format trees', () => {
  it('has ranked features and two files', () => {
    expect(parseManifest(JSON.stringify(trees), 'm').format).toBe('trees')
  })

  it.each([
    [
      'a feature that a network takes',
      { features: goodManifest.features },
      /payment.amount of kind standardise in a model of format trees/,
    ],
    [
      'ranks for a network',
      { format: 'tfjs-layers', files: goodManifest.files },
      /of kind ranks in a model of format tfjs-layers/,
    ],
    ['no arrays', { files: { 'trees.json': hash } }, /expected trees.bin to be listed/],
    ['probabilities as output', { output: 'probability' }, /output: expected logit/],
  ])('does not have %s', (_, change, message) => {
    expect(refusal({ ...trees, ...change })).toMatch(message)
  })
})

it('the engine trees runs no network', async () => {
  const backend = await openBackend('trees')
  const error = await rejecting(backend.load({ format: 'tfjs-layers', artifacts: {} }))
  expect(error).toMatchObject({ code: 'BACKEND_UNAVAILABLE' })
  expect(error.message).toMatch(/runs models of format trees, this one is tfjs-layers/)
})

it('a ranked feature has no inputs of its own', () => {
  const error = throwing(() => compilePreprocess([{ kind: 'ranks', name: 'payment.amount' }], [0]))
  expect(error).toMatchObject({ code: 'MODEL_INVALID' })
})
