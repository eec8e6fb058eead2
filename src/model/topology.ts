import { z } from 'zod'
import { SluiceError } from '../errors.ts'

const node = z.object({ name: z.string(), op: z.string() })
const graphSchema = z.object({
  node: z.array(node),
  library: z
    .object({ function: z.array(z.object({ nodeDef: z.array(node).optional() })).optional() })
    .optional(),
})

/** Every node of a TF.js GraphModel, those of its functions included. @throws SluiceError MODEL_INVALID */
export const graphNodesOf = (topology: unknown, origin: string): readonly z.infer<typeof node>[] => {
  const parsed = graphSchema.safeParse(topology)
  if (!parsed.success)
    throw new SluiceError('MODEL_INVALID', `${origin}: modelTopology:\n${z.prettifyError(parsed.error)}`)
  const { node: nodes, library } = parsed.data
  return [...nodes, ...(library?.function ?? []).flatMap(({ nodeDef }) => nodeDef ?? [])]
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Each `{ class_name, config }` that is a layer: the model, what stands in a list of layers, what a layer wraps. */
const layersIn = (value: unknown, isLayer: boolean): readonly string[] => {
  if (Array.isArray(value)) return value.flatMap((each) => layersIn(each, isLayer))
  if (!isRecord(value)) return []
  const own = isLayer && 'class_name' in value ? [String(value['class_name'])] : []
  return [
    ...own,
    ...Object.entries(value).flatMap(([key, each]) => layersIn(each, key === 'layers' || key === 'layer')),
  ]
}

/** The class of every layer of a TF.js LayersModel, of nested models too. */
export const layerClassesOf = (topology: unknown): readonly string[] =>
  layersIn(isRecord(topology) && 'model_config' in topology ? topology['model_config'] : topology, true)
