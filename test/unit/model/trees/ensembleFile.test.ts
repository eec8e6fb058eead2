import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileForest } from '../../../../src/model/trees/compileForest.ts'
import type { Ensemble } from '../../../../src/model/trees/ensemble.ts'
import { readEnsemble, writeEnsemble } from '../../../../src/model/trees/ensembleFile.ts'
import type { Forest } from '../../../../src/model/trees/forest.ts'
import { throwing } from '../../../support/model/throwing.ts'
import { anyForest, featureCount } from '../../../support/trees/anyForest.ts'

const split = { feature: 1, threshold: 5, missing: 'nan', missingLeft: true } as const
const forest: Forest = {
  comparison: 'below-float32',
  sum: 'float32',
  base: -1,
  scale: 1,
  features: 2,
  names: [],
  trees: [
    {
      ...split,
      left: { leaf: 0.5 },
      right: { ...split, threshold: 7, left: { leaf: 1 }, right: { leaf: 2 } },
    },
    { leaf: 3 },
  ],
}

const bytesOf = (ensemble: Ensemble): Map<string, Buffer> =>
  new Map([...writeEnsemble(ensemble)].map(([name, bytes]) => [name, Buffer.from(bytes)]))

const read = (files: ReadonlyMap<string, Buffer>, features = 2): Ensemble =>
  readEnsemble(files, features, 'm')

describe('the files of an ensemble', () => {
  it('hold each tree level by level', () => {
    const { left, rank, value, roots, depth, inputs } = read(bytesOf(compileForest(forest)))
    expect(Array.from(left)).toEqual([1, 1, 3, 3, 4, 5])
    expect(Array.from(rank).slice(0, 3)).toEqual([0, 1 << 24, 1])
    expect(Array.from(value)).toEqual([0, 0.5, 0, 1, 2, 3])
    expect(Array.from(roots)).toEqual([0, 5])
    expect(depth).toBe(2)
    expect(inputs.map(({ thresholds }) => Array.from(thresholds))).toEqual([[5, 7]])
  })

  it('give the ensemble back, whatever it is', () => {
    fc.assert(
      fc.property(anyForest, (any) => {
        const ensemble = compileForest(any)
        expect(read(bytesOf(ensemble), featureCount)).toEqual(ensemble)
      }),
    )
  })
})

describe('files that are no ensemble', () => {
  const changed = (change: Partial<Ensemble>): Map<string, Buffer> =>
    bytesOf({ ...compileForest(forest), ...change })
  const { left, rank, input, value, inputs } = compileForest(forest)
  const put = <A extends Int32Array | Float64Array>(array: A, at: number, each: number): A => {
    const copy = array.slice() as A
    copy[at] = each
    return copy
  }

  it.each([
    ['a child that is its own ancestor', { left: put(left, 2, 0) }, /node 2 has the left child 0/],
    ['a child beyond the last node', { left: put(left, 2, 5) }, /node 2 has the left child 5/],
    ['an input that there is not', { input: put(input, 0, 9) }, /node 0 has input 9/],
    ['a rank beyond its thresholds', { rank: put(rank, 0, 2) }, /node 0 has rank 2/],
    ['a rank below zero', { rank: put(rank, 0, -1) }, /node 0 has rank -1/],
    ['a leaf that can be passed', { rank: put(rank, 1, 0) }, /node 1 has a leaf that looks at an input/],
    ['NaN in a leaf', { value: put(value, 1, NaN) }, /node 1 has a value that is not finite/],
    ['a root beyond the last node', { roots: Int32Array.of(0, 6) }, /tree 1 begins at node 6 of 6/],
    [
      'thresholds that fall',
      { inputs: [{ ...inputs[0]!, thresholds: Float64Array.of(7, 5) }] },
      /input 0 has thresholds that do not rise/,
    ],
    [
      'a feature that the manifest has not',
      { inputs: [{ ...inputs[0]!, feature: 2 }] },
      /input 0 has feature 2, but the manifest has 2/,
    ],
  ])('%s', (_, change, message) => {
    const error = throwing(() => read(changed(change)))
    expect(error.code).toBe('MODEL_INVALID')
    expect(error.message).toMatch(message)
  })

  it('arrays that are cut, and a header that is not JSON', () => {
    const files = bytesOf(compileForest(forest))
    const short = new Map(files).set('trees.bin', files.get('trees.bin')!.subarray(0, -1))
    expect(throwing(() => read(short)).message).toMatch(/expected 144 bytes as trees.json counts, found 143/)
    const broken = new Map(files).set('trees.json', Buffer.from('{'))
    expect(throwing(() => read(broken))).toMatchObject({ code: 'MODEL_INVALID' })
    expect(throwing(() => read(new Map()))).toMatchObject({ code: 'MODEL_INVALID' })
  })

  it('never loop nor read outside, whatever the bytes: they are refused, or walk to a leaf', () => {
    const files = bytesOf(compileForest(forest))
    const whole = files.get('trees.bin')!
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, byte) => {
        const bytes = Buffer.from(whole)
        bytes[at] = byte
        let ensemble: Ensemble
        try {
          ensemble = read(new Map(files).set('trees.bin', bytes))
        } catch (error) {
          expect(error).toMatchObject({ code: 'MODEL_INVALID' })
          return
        }
        for (const root of ensemble.roots) {
          let node = root
          for (let steps = 0; ensemble.left[node] !== node; steps++) {
            expect(steps).toBeLessThan(ensemble.left.length)
            node = ensemble.left[node]! + 1
            expect(node).toBeLessThan(ensemble.left.length)
          }
        }
      }),
      { numRuns: 1000 },
    )
  })
})
