import { z } from 'zod'
import { SluiceError } from '../errors.ts'
import { baselineProblems, baselineSchema } from './baseline.ts'
import { calibrationSchema } from './manifestCalibration.ts'
import { featureSchema } from './manifestFeature.ts'
import { isSavedModelFile, savedModelProto } from './savedModelFiles.ts'
import { treeFiles } from './trees/treeFiles.ts'
import { reservedFolders } from './trust.ts'

const name = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'expected lower-case words joined by hyphens')
  .refine((id) => !reservedFolders.includes(id), {
    error: `${reservedFolders.join(', ')} are folders of keys and approvals`,
  })
const hash = z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 in lower-case hexadecimal')
/** A path inside the artifact's folder: no leading slash, no empty part, none that starts with a dot. */
const innerPath = /^[A-Za-z0-9_-][A-Za-z0-9._-]*(\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$/
const code = z.string().regex(/^[A-Z][A-Z0-9_]*$/, 'expected an upper-case reason code')
const finite = z.number()
/** A raw feature value as JSON can write it: null stands for "not known" (NaN in a row). */
const rawValue = finite.nullable()

export type ManifestFeature = z.infer<typeof featureSchema>
export type Calibration = z.infer<typeof calibrationSchema>

/** A reason, the features that speak for it, and the value each is replaced by to see what it contributed. */
const reasonGroupSchema = z
  .strictObject({ code, baseline: z.record(z.string(), rawValue).readonly() })
  .readonly()
export type ReasonGroup = z.infer<typeof reasonGroupSchema>

/** A raw row in the order of `features`, and the probability that any backend must give for it. */
const goldenVectorSchema = z
  .strictObject({ row: z.array(rawValue).readonly(), probability: z.number().min(0).max(1) })
  .readonly()
export type GoldenVector = z.infer<typeof goldenVectorSchema>

/** The probability at which a share of the good payments of the validation part would have been stopped. */
const thresholdSchema = z
  .strictObject({
    goodStoppedShare: z.number().min(0).max(1),
    probability: z.number().min(0).max(1),
    recall: z.number().min(0).max(1),
    /** The rule it was chosen by; without one, it stops that share of the good payments at most. */
    chosenFor: z.string().optional(),
  })
  .readonly()
export type Threshold = z.infer<typeof thresholdSchema>

/** What a model comes as: TF.js's two kinds of model.json, TensorFlow's SavedModel, or our own form of trees. */
export const modelFormats = ['tfjs-layers', 'tfjs-graph', 'tf-saved-model', 'trees'] as const

/** The shape of `manifest.json`. */
export const manifestSchema = z
  .strictObject({
    /** For editors: where the JSON Schema is. */
    $schema: z.string().optional(),
    manifestVersion: z.literal(1),
    id: name,
    version: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/),
    description: z.string().optional(),
    format: z.enum(modelFormats),
    /** What the network's single output is. */
    output: z.enum(['logit', 'probability']),
    files: z.record(z.string(), hash).readonly(),
    features: z.array(featureSchema).min(1).max(4096).readonly(),
    calibration: calibrationSchema,
    reasonGroups: z.array(reasonGroupSchema).readonly(),
    goldenTolerance: z.number().positive().max(0.001),
    goldenVectors: z.array(goldenVectorSchema).min(1).readonly(),
    training: z.record(z.string(), z.json()).readonly(),
    metrics: z.record(z.string(), finite).readonly(),
    thresholds: z.array(thresholdSchema).readonly(),
    baseline: baselineSchema.optional(),
  })
  .readonly()
export type Manifest = z.infer<typeof manifestSchema>

const repeated = (names: readonly string[]): readonly string[] =>
  names.filter((name, at) => names.indexOf(name) !== at)

/** Trees rank every feature themselves; a network can do so with none. */
const rankProblems = ({ format, features, output }: Manifest): readonly string[] => [
  ...features
    .filter(({ kind }) => (kind === 'ranks') !== (format === 'trees'))
    .map(
      ({ name, kind }) => `features: ${name} of kind ${kind ?? 'standardise'} in a model of format ${format}`,
    ),
  ...(format === 'trees' && output !== 'logit' ? ['output: expected logit in a model of format trees'] : []),
]

/** The files without which there is no model. */
const entriesOf: Readonly<Record<Manifest['format'], readonly string[]>> = {
  'tfjs-layers': ['model.json'],
  'tfjs-graph': ['model.json'],
  'tf-saved-model': [savedModelProto],
  trees: Object.values(treeFiles),
}

const filesProblems = ({ format, files }: Manifest): readonly string[] => {
  const missing = entriesOf[format]
    .filter((entry) => !(entry in files))
    .map((entry) => `files: expected ${entry} to be listed`)
  if (format !== 'tf-saved-model') return missing
  const unknown = Object.keys(files).filter((file) => !isSavedModelFile(file))
  return [...missing, ...unknown.map((file) => `files: a SavedModel has no ${file}`)]
}

/** What the shape of the file cannot say: names agree with each other. */
const contradictions = (manifest: Manifest): readonly string[] => {
  const names = manifest.features.map((feature) => feature.name)
  const known = new Set(names)
  const codes = manifest.reasonGroups.map((group) => group.code)
  return [
    ...repeated(names).map((name) => `features: ${name} is listed twice`),
    ...repeated(codes).map((code) => `reasonGroups: ${code} is listed twice`),
    ...manifest.reasonGroups.flatMap((group) =>
      Object.keys(group.baseline)
        .filter((name) => !known.has(name))
        .map((name) => `reasonGroups: ${group.code} names ${name}, which is not in features`),
    ),
    ...manifest.goldenVectors
      .filter((golden) => golden.row.length !== names.length)
      .map((golden) => `goldenVectors: expected rows of ${names.length} values, found ${golden.row.length}`),
    ...Object.keys(manifest.files)
      .filter((file) => !innerPath.test(file))
      .map((file) => `files: expected a path inside the folder, found ${JSON.stringify(file)}`),
    ...filesProblems(manifest),
    ...rankProblems(manifest),
    ...baselineProblems(manifest.baseline, names),
  ]
}

/**
 * Reads the text of a manifest.
 * @throws SluiceError MODEL_INVALID that says where the file is wrong and what was expected there.
 */
export const parseManifest = (text: string, origin: string): Manifest => {
  const manifest = parseJson(manifestSchema, text, origin)
  const wrong = contradictions(manifest)
  if (wrong.length > 0) throw new SluiceError('MODEL_INVALID', `${origin}: ${wrong.join('; ')}`)
  return manifest
}

/** JSON text through a schema; unknown keys are refused by the schemas themselves. */
export const parseJson = <T>(schema: z.ZodType<T>, text: string, origin: string): T => {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (cause) {
    throw new SluiceError('MODEL_INVALID', `${origin}: expected JSON`, { cause })
  }
  const parsed = schema.safeParse(json)
  if (parsed.success) return parsed.data
  throw new SluiceError('MODEL_INVALID', `${origin}:\n${z.prettifyError(parsed.error)}`)
}
