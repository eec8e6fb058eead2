import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { checkLayersModel, checkSavedModel } from '../../../src/model/allowed.ts'
import { idleOps, restoringOps, scoringOps } from '../../../src/model/allowedOps.ts'
import { readArtifact } from '../../../src/model/artifact.file.ts'
import { sha256 } from '../../../src/model/canonical.ts'
import { readSavedModelGraph } from '../../../src/model/savedModelGraph.ts'
import { layerClassesOf } from '../../../src/model/topology.ts'
import { fixture } from '../../support/model/fixtures.ts'
import { encodeSavedModel, type PlainModel } from '../../support/model/protobuf.ts'
import { rejecting, throwing } from '../../support/model/throwing.ts'

const check = (model: PlainModel): void =>
  checkSavedModel(readSavedModelGraph(encodeSavedModel(model), 'm'), 'm')

const refusal = (model: PlainModel): string => {
  const error = throwing(() => check(model))
  expect(error.code).toBe('MODEL_UNSAFE')
  return error.message
}

const call = (name: string, callee: string) => ({ name, op: 'StatefulPartitionedCall', calls: [callee] })
const writes = { name: 'inner', op: 'SaveV2' }

/** The shape of what Keras exports: a function that scores, one that saves, one that restores. */
const sound: PlainModel = {
  nodes: [
    { name: 'x', op: 'Placeholder' },
    { ...call('score', 'scores'), inputs: ['x'] },
    call('save', 'saves'),
    call('restore', 'restores'),
  ],
  functions: [
    { name: 'scores', nodes: [{ name: 'm', op: 'MatMul' }] },
    { name: 'saves', nodes: [writes] },
    { name: 'restores', nodes: [{ name: 'r', op: 'RestoreV2' }] },
  ],
  outputs: ['score:0'],
}
const withNodes = (...nodes: PlainModel['nodes']): PlainModel => ({
  ...sound,
  nodes: [...sound.nodes, ...nodes],
})

describe('a SavedModel', () => {
  it('may hold what Keras exports beside the part that scores', () => {
    expect(() => check(sound)).not.toThrow()
  })

  it.each([
    ['anywhere', withNodes({ name: 'p', op: 'PyFunc' })],
    ['as an output', { ...withNodes({ name: 'p', op: 'ReadFile' }), outputs: ['p:0'] }],
    [
      'behind an output',
      {
        ...withNodes({ name: 'o', op: 'Add', inputs: ['x', 'p:1'] }, { name: 'p', op: 'SaveV2' }),
        outputs: ['o'],
      },
    ],
    [
      'by a control dependency',
      { ...withNodes({ name: 'o', op: 'Add', inputs: ['^p'] }, { name: 'p', op: 'SaveV2' }), outputs: ['o'] },
    ],
    ['in a function that is called', { ...sound, outputs: ['save'] }],
    ['when it is initialised', { ...sound, initialisers: ['save'] }],
    ['when it restores', { ...sound, restore: 'save' }],
    [
      'two calls deep',
      {
        ...sound,
        functions: [
          { name: 'scores', nodes: [call('c', 'middle')] },
          { name: 'middle', nodes: [call('d', 'saves')] },
          { name: 'saves', nodes: [writes] },
        ],
      },
    ],
    ['in a restore that the scoring part calls', { ...sound, outputs: ['restore'] }],
    [
      'in a function that may take the place of another',
      {
        ...sound,
        functions: [...sound.functions!, { name: 'z', nodes: [writes], attributes: ['api_implements'] }],
      },
    ],
    [
      'under the name of an operation',
      { ...sound, functions: [...sound.functions!, { name: 'Relu', nodes: [writes] }] },
    ],
  ])('is refused for a forbidden operation %s', (_where, model) => {
    expect(refusal(model)).toMatch(/SaveV2|ReadFile|PyFunc|RestoreV2|name of operation/)
  })

  it.each([
    ['itself', [{ name: 'scores', nodes: [call('c', 'scores')] }], /scores -> scores/],
    [
      'one that calls it',
      [
        { name: 'scores', nodes: [call('c', 'middle')] },
        { name: 'middle', nodes: [{ name: 'm', op: 'MatMul' }, call('d', 'scores')] },
      ],
      /scores -> middle -> scores|middle -> scores -> middle/,
    ],
  ])('is refused for a function that calls %s: it would never end', (_what, functions, expected) => {
    expect(refusal({ ...sound, functions })).toMatch(expected)
  })

  it('may call one function from many, each of which calls many: no way round', () => {
    const depth = 1_000
    const functions = Array.from({ length: depth }, (_, at) => ({
      name: `f${at}`,
      nodes: at + 1 < depth ? [call('a', `f${at + 1}`), call('b', `f${Math.min(at + 2, depth - 1)}`)] : [],
    }))
    expect(() =>
      check({ ...sound, nodes: [call('score', 'f0')], functions, outputs: ['score'] }),
    ).not.toThrow()
  })

  it('is refused for a loop, which may never end', () => {
    const loop = { name: 'w', op: 'StatelessWhile', calls: ['scores'] }
    expect(refusal({ ...withNodes(loop), outputs: ['w'] })).toMatch(/StatelessWhile \(node w\)/)
  })

  it('names all that is forbidden', () => {
    const message = refusal(withNodes({ name: 'a', op: 'ReadFile' }, { name: 'b', op: 'WriteFile' }))
    expect(message).toMatch(/ReadFile \(node a\), WriteFile \(node b\)/)
  })

  it.each([
    ['nothing', new Uint8Array()],
    ['text', Buffer.from('hello, this is no model')],
    ['the first half of one', readFileSync(`${fixture('saved-model')}/saved_model.pb`).subarray(0, 5_000)],
    [
      'a node without an operation',
      encodeSavedModel({ nodes: [] }).map((byte, at) => (at === 3 ? 0xff : byte)),
    ],
  ])('is refused where the bytes are %s', (_what, bytes) => {
    expect(throwing(() => readSavedModelGraph(bytes, 'm'))).toMatchObject({ code: 'MODEL_INVALID' })
  })
})

describe('the lists', () => {
  it('let nothing through that reads or writes files, calls out or keeps state', () => {
    for (const op of ['ReadFile', 'WriteFile', 'SaveV2', 'PyFunc', 'EagerPyFunc', 'PrintV2', 'MatchingFiles'])
      expect([scoringOps.has(op), restoringOps.has(op)]).toEqual([false, false])
    expect(
      [...scoringOps].filter((op) => /File|Save|Restore|Assign|Py|Print|Dataset|Random|While|For/.test(op)),
    ).toEqual([])
    for (const op of scoringOps) expect(restoringOps.has(op) && idleOps.has(op)).toBe(true)
  })
})

describe('layers', () => {
  const topology = (className: string) => ({
    model_config: {
      class_name: 'Functional',
      config: {
        layers: [
          { class_name: 'Dense', config: { kernel_initializer: { class_name: 'Zeros', config: {} } } },
          { class_name: 'Sequential', config: { layers: [{ class_name: className, config: {} }] } },
        ],
      },
    },
  })

  it('are found wherever they stand, and only layers are', () => {
    expect(layerClassesOf(topology('Lambda'))).toEqual(['Functional', 'Dense', 'Sequential', 'Lambda'])
    expect(() => checkLayersModel(layerClassesOf(topology('ReLU')), 'm')).not.toThrow()
    const error = throwing(() => checkLayersModel(layerClassesOf(topology('Lambda')), 'm'))
    expect(error).toMatchObject({ code: 'MODEL_UNSAFE' })
    expect(error.message).toMatch(/layer Lambda/)
  })
})

describe('an artifact', () => {
  let root: string
  beforeAll(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'sluice-allowed-'))
  })
  afterAll(() => rm(root, { recursive: true }))

  it.each([
    ['reads-a-file', /where it scores: .*ReadFile/],
    ['writes-a-checkpoint', /where it scores: SaveV2/],
    ['keeps-state', /where it scores: AssignAddVariableOp/],
  ])('that %s is refused when it is read', async (name, expected) => {
    const error = await rejecting(readArtifact(fixture(name)))
    expect(error).toMatchObject({ code: 'MODEL_UNSAFE' })
    expect(error.message).toMatch(expected)
  })

  it('of TF.js with a forbidden operation is refused, in a function too', async () => {
    await cp(fixture('graph-model'), root, { recursive: true })
    const [file, manifestFile] = [path.join(root, 'model.json'), path.join(root, 'manifest.json')]
    const [before, manifest] = [await readFile(file, 'utf8'), await readFile(manifestFile, 'utf8')]
    const inner = { signature: { name: 'f' }, nodeDef: [{ name: 'w', op: 'WriteFile' }] }
    const library = `"modelTopology": {"library": ${JSON.stringify({ function: [inner] })}, `
    for (const [changed, op] of [
      [before.replace('"op": "MatMul"', '"op": "ReadFile"'), /ReadFile/],
      [before.replace('"modelTopology": {', library), /WriteFile/],
    ] as const) {
      await writeFile(file, changed)
      await writeFile(manifestFile, manifest.replace(sha256(before), sha256(changed)))
      const error = await rejecting(readArtifact(root))
      expect(error).toMatchObject({ code: 'MODEL_UNSAFE' })
      expect(error.message).toMatch(op)
    }
  })
})
