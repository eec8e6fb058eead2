import { BinaryReader, WireType } from '@bufbuild/protobuf/wire'
import { SluiceError } from '../errors.ts'

/** A node of a graph or of a function. */
export type GraphNode = {
  readonly name: string
  readonly op: string
  /** `node`, `node:1` or `^node`. */
  readonly inputs: readonly string[]
  /** Functions that its attributes name. */
  readonly calls: readonly string[]
}

export type GraphFunction = {
  readonly name: string
  readonly nodes: readonly GraphNode[]
  /** Names under which the runtime may put another function in the place of one that is called. */
  readonly isInterchangeable: boolean
}

/** What is in a saved_model.pb that says what will be run. */
export type MetaGraph = {
  readonly nodes: readonly GraphNode[]
  readonly functions: readonly GraphFunction[]
  /** Nodes that are run for a call or before the first: inputs and outputs of signatures, and those that initialise. */
  readonly entries: readonly string[]
  /** Nodes that are run to bring the variables in. */
  readonly restore: readonly string[]
}

/**
 * Field numbers of TensorFlow's saved_model.proto, meta_graph.proto, saver.proto, graph.proto, function.proto,
 * node_def.proto, attr_value.proto and op_def.proto.
 */
const field = {
  savedModel: { metaGraph: 2 },
  metaGraph: { graph: 2, saver: 3, collection: 4, signature: 5 },
  saver: { restoreOp: 3 },
  graph: { node: 1, library: 2 },
  library: { function: 1 },
  function: { signature: 1, node: 3, attribute: 5 },
  opDef: { name: 1 },
  node: { name: 1, op: 2, input: 3, attribute: 5 },
  mapEntry: { key: 1, value: 2 },
  attribute: { list: 1, function: 10 },
  attributeList: { function: 9 },
  nameAndAttributes: { name: 1, attribute: 2 },
  collection: { nodeList: 1 },
  nodeList: { value: 1 },
  signature: { input: 1, output: 2 },
  tensorInfo: { name: 1 },
} as const

const deepest = 64

/**
 * Every occurrence of a length-delimited field. Where the format lets the last of several count, or merges them, all
 * are given: what is checked is at least what is run.
 */
const occurrences = (message: Uint8Array, wanted: number): readonly Uint8Array[] => {
  const reader = new BinaryReader(message)
  const found: Uint8Array[] = []
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag()
    if (number === wanted && wireType === WireType.LengthDelimited) found.push(reader.bytes())
    else reader.skip(wireType, number)
  }
  return found
}

const decoder = new TextDecoder('utf-8', { fatal: true })
const textsOf = (message: Uint8Array, wanted: number): readonly string[] =>
  occurrences(message, wanted).map((bytes) => decoder.decode(bytes))

const onlyText = (message: Uint8Array, wanted: number, what: string): string => {
  const texts = textsOf(message, wanted)
  if (texts.length === 1) return texts[0]!
  throw new RangeError(`expected one ${what}, found ${texts.length}`)
}

const valuesOf = (message: Uint8Array, map: number): readonly Uint8Array[] =>
  occurrences(message, map).flatMap((entry) => occurrences(entry, field.mapEntry.value))

const keysOf = (message: Uint8Array, map: number): readonly string[] =>
  occurrences(message, map).flatMap((entry) => textsOf(entry, field.mapEntry.key))

/** Functions named by the attributes of a message, however deep. */
const callsOf = (message: Uint8Array, map: number, depth = 0): readonly string[] => {
  if (depth > deepest) throw new RangeError('attributes are nested too deep')
  return valuesOf(message, map).flatMap((attribute) => {
    const listed = occurrences(attribute, field.attribute.list).flatMap((list) =>
      occurrences(list, field.attributeList.function),
    )
    return [...occurrences(attribute, field.attribute.function), ...listed].flatMap((called) => [
      ...textsOf(called, field.nameAndAttributes.name),
      ...callsOf(called, field.nameAndAttributes.attribute, depth + 1),
    ])
  })
}

const nodeOf = (message: Uint8Array): GraphNode => ({
  name: onlyText(message, field.node.name, 'name of a node'),
  op: onlyText(message, field.node.op, 'operation of a node'),
  inputs: textsOf(message, field.node.input),
  calls: callsOf(message, field.node.attribute),
})

const functionOf = (message: Uint8Array): GraphFunction => {
  const [signature, ...more] = occurrences(message, field.function.signature)
  if (signature === undefined || more.length > 0) throw new RangeError('expected one signature of a function')
  return {
    name: onlyText(signature, field.opDef.name, 'name of a function'),
    nodes: occurrences(message, field.function.node).map(nodeOf),
    isInterchangeable: keysOf(message, field.function.attribute).includes('api_implements'),
  }
}

const metaGraphOf = (message: Uint8Array): MetaGraph => {
  const graphs = occurrences(message, field.metaGraph.graph)
  const tensors = valuesOf(message, field.metaGraph.signature).flatMap((signature) => [
    ...valuesOf(signature, field.signature.input),
    ...valuesOf(signature, field.signature.output),
  ])
  const lists = valuesOf(message, field.metaGraph.collection).flatMap((collection) =>
    occurrences(collection, field.collection.nodeList),
  )
  return {
    nodes: graphs.flatMap((graph) => occurrences(graph, field.graph.node)).map(nodeOf),
    functions: graphs
      .flatMap((graph) => occurrences(graph, field.graph.library))
      .flatMap((library) => occurrences(library, field.library.function))
      .map(functionOf),
    entries: [
      ...tensors.flatMap((tensor) => textsOf(tensor, field.tensorInfo.name)),
      ...lists.flatMap((list) => textsOf(list, field.nodeList.value)),
    ],
    restore: occurrences(message, field.metaGraph.saver).flatMap((saver) =>
      textsOf(saver, field.saver.restoreOp),
    ),
  }
}

/**
 * Reads saved_model.pb.
 * @throws SluiceError MODEL_INVALID if the bytes are not what TensorFlow writes
 */
export const readSavedModelGraph = (bytes: Uint8Array, origin: string): readonly MetaGraph[] => {
  try {
    const metaGraphs = occurrences(bytes, field.savedModel.metaGraph).map(metaGraphOf)
    if (metaGraphs.length > 0) return metaGraphs
    throw new RangeError('there is no graph')
  } catch (cause) {
    throw new SluiceError('MODEL_INVALID', `${origin}: expected a SavedModel of TensorFlow`, { cause })
  }
}
