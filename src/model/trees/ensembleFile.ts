import { SluiceError } from '../../errors.ts'
import { parseJson } from '../manifest.ts'
import { checkEnsemble, depthOf } from './checkEnsemble.ts'
import type { Ensemble } from './ensemble.ts'
import { type Header, headerSchema } from './ensembleHeader.ts'
import { treeFiles } from './treeFiles.ts'

/**
 * The files of an ensemble. `trees.bin` is little-endian: as float64 the thresholds of each input, then the value of each
 * node; as int32 left child, input and rank of each node, then the root of each tree.
 */
export const writeEnsemble = (ensemble: Ensemble): ReadonlyMap<string, Uint8Array> => {
  const { comparison, sum, base, scale, inputs, roots, left, input, rank, value } = ensemble
  const header: Header = {
    treesVersion: 1,
    comparison,
    sum,
    base,
    scale,
    trees: roots.length,
    nodes: left.length,
    inputs: inputs.map((each) => ({ ...each, thresholds: each.thresholds.length })),
  }
  const doubles = [...inputs.map(({ thresholds }) => thresholds), value]
  const integers = [left, input, rank, roots]
  const bytes = Buffer.alloc(lengthOf(header))
  let offset = 0
  for (const array of doubles) for (const each of array) offset = bytes.writeDoubleLE(each, offset)
  for (const array of integers) for (const each of array) offset = bytes.writeInt32LE(each, offset)
  return new Map<string, Uint8Array>([
    [treeFiles.header, Buffer.from(`${JSON.stringify(header, null, 1)}\n`)],
    [treeFiles.arrays, bytes],
  ])
}

/** Bytes of `trees.bin`. */
const lengthOf = ({ inputs, nodes, trees }: Header): number =>
  inputs.reduce((sum, { thresholds }) => sum + thresholds * 8, 0) + nodes * (8 + 3 * 4) + trees * 4

/**
 * @param features how many the manifest has
 * @throws SluiceError MODEL_INVALID if a file is missing, of the wrong size, or holds what is no forest of trees
 */
export const readEnsemble = (
  files: ReadonlyMap<string, Buffer>,
  features: number,
  origin: string,
): Ensemble => {
  const text = (files.get(treeFiles.header) ?? Buffer.alloc(0)).toString('utf8')
  const header = parseJson(headerSchema, text, `${origin}/${treeFiles.header}`)
  const bytes = files.get(treeFiles.arrays) ?? Buffer.alloc(0)
  const expected = lengthOf(header)
  const arraysFile = `${origin}/${treeFiles.arrays}`
  if (bytes.length !== expected)
    throw new SluiceError(
      'MODEL_INVALID',
      `${arraysFile}: expected ${expected} bytes as ${treeFiles.header} counts, found ${bytes.length}`,
    )
  let offset = 0
  const doubles = (count: number): Float64Array =>
    Float64Array.from({ length: count }, () => bytes.readDoubleLE((offset += 8) - 8))
  const integers = (count: number): Int32Array =>
    Int32Array.from({ length: count }, () => bytes.readInt32LE((offset += 4) - 4))

  const { comparison, sum, base, scale, nodes, trees } = header
  const inputs = header.inputs.map((input) => ({ ...input, thresholds: doubles(input.thresholds) }))
  const value = doubles(nodes)
  const [left, input, rank] = [integers(nodes), integers(nodes), integers(nodes)]
  const whole = { comparison, sum, base, scale, inputs, value, left, input, rank, roots: integers(trees) }
  checkEnsemble(whole, features, arraysFile)
  return { ...whole, depth: depthOf(whole) }
}
