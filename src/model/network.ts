import type { io } from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { SluiceError } from '../errors.ts'
import { type Manifest, parseJson } from './manifest.ts'
import type { Ensemble } from './trees/ensemble.ts'
import { readEnsemble } from './trees/ensembleFile.ts'

/** A model in memory, ready to be handed to a backend. */
export type NetworkFiles =
  | { readonly format: Exclude<Manifest['format'], 'trees'>; readonly artifacts: io.ModelArtifacts }
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

/**
 * Puts together what TF.js keeps in model.json and its weight files, or what trees keep in theirs.
 * @throws SluiceError MODEL_INVALID if a weight file is not listed in the manifest or has the wrong size
 */
export const readNetwork = (
  manifest: Manifest,
  files: ReadonlyMap<string, Buffer>,
  origin: string,
): NetworkFiles => {
  const { format } = manifest
  if (format === 'trees') return { format, ensemble: readEnsemble(files, manifest.features.length, origin) }
  const text = (files.get('model.json') ?? Buffer.alloc(0)).toString('utf8')
  const model = parseJson(modelJsonSchema, text, `${origin}/model.json`)
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
