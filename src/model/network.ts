import type { io } from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { SluiceError } from '../errors.ts'
import { checkGraphModel, checkLayersModel, checkSavedModel } from './allowed.ts'
import { type Manifest, parseJson } from './manifest.ts'
import { savedModelProto } from './savedModelFiles.ts'
import { readSavedModelGraph } from './savedModelGraph.ts'
import { graphNodesOf, layerClassesOf } from './topology.ts'
import type { Ensemble } from './trees/ensemble.ts'
import { readEnsemble } from './trees/ensembleFile.ts'

/** A model in memory, checked to have only operations that a model may have, ready to be handed to a backend. */
export type NetworkFiles =
  | { readonly format: 'tfjs-layers' | 'tfjs-graph'; readonly artifacts: io.ModelArtifacts }
  | { readonly format: 'tf-saved-model'; readonly files: ReadonlyMap<string, Uint8Array> }
  | { readonly format: 'trees'; readonly ensemble: Ensemble }

/** The parts of TF.js's model.json that are used; it may hold more (a format of others). */
const modelJsonSchema = z.object({
  modelTopology: z.record(z.string(), z.json()),
  weightsManifest: z.array(
    z.object({
      paths: z.array(z.string()),
      weights: z.array(
        z.object({
          name: z.string(),
          shape: z.array(z.int().nonnegative()),
          dtype: z.enum(['float32', 'int32', 'bool']),
        }),
      ),
    }),
  ),
  signature: z.record(z.string(), z.json()).optional(),
})

const bytesPerValue = { float32: 4, int32: 4, bool: 1 } as const

/** @throws SluiceError MODEL_INVALID if a weight file is not listed in the manifest or has the wrong size */
const readTfjs = (
  format: 'tfjs-layers' | 'tfjs-graph',
  files: ReadonlyMap<string, Buffer>,
  origin: string,
): NetworkFiles => {
  const text = (files.get('model.json') ?? Buffer.alloc(0)).toString('utf8')
  const model = parseJson(modelJsonSchema, text, `${origin}/model.json`)
  if (format === 'tfjs-graph') checkGraphModel(graphNodesOf(model.modelTopology, origin), origin)
  else checkLayersModel(layerClassesOf(model.modelTopology), origin)
  const bytes = Buffer.concat(
    model.weightsManifest.flatMap((group) =>
      group.paths.map((file) => {
        const weights = files.get(file)
        if (weights !== undefined) return weights
        throw new SluiceError('MODEL_INVALID', `${origin}: weight file ${file} is not listed in the manifest`)
      }),
    ),
  )
  const weightSpecs = model.weightsManifest.flatMap((group) => group.weights)
  const expected = weightSpecs.reduce(
    (sum, spec) => sum + spec.shape.reduce((product, size) => product * size, 1) * bytesPerValue[spec.dtype],
    0,
  )
  if (bytes.length !== expected)
    throw new SluiceError(
      'MODEL_INVALID',
      `${origin}: expected ${expected} bytes of weights, found ${bytes.length}`,
    )
  return {
    format,
    artifacts: {
      modelTopology: model.modelTopology,
      weightSpecs,
      weightData: new Uint8Array(bytes).buffer,
      ...(model.signature === undefined ? {} : { signature: model.signature }),
    },
  }
}

const readSavedModel = (files: ReadonlyMap<string, Buffer>, origin: string): NetworkFiles => {
  const proto = files.get(savedModelProto) ?? Buffer.alloc(0)
  const file = `${origin}/${savedModelProto}`
  checkSavedModel(readSavedModelGraph(proto, file), file)
  return { format: 'tf-saved-model', files }
}

/**
 * Puts together the files of a network, or those of trees.
 * @throws SluiceError MODEL_INVALID, or MODEL_UNSAFE for an operation that a model may not have
 */
export const readNetwork = (
  { format, features }: Pick<Manifest, 'format' | 'features'>,
  files: ReadonlyMap<string, Buffer>,
  origin: string,
): NetworkFiles => {
  switch (format) {
    case 'trees':
      return { format, ensemble: readEnsemble(files, features.length, origin) }
    case 'tf-saved-model':
      return readSavedModel(files, origin)
    case 'tfjs-layers':
    case 'tfjs-graph':
      return readTfjs(format, files, origin)
  }
}
