import { SluiceError } from '../errors.ts'
import { idleOps, layerClasses, restoringOps, scoringOps } from './allowedOps.ts'
import { createReach } from './reach.ts'
import { findRecursion } from './recursion.ts'
import type { GraphNode, MetaGraph } from './savedModelGraph.ts'

type Named = Pick<GraphNode, 'name' | 'op'>

const most = 5

/** Names all operations that are not allowed, each with one of its nodes. */
const checkNodes = (
  nodes: Iterable<Named>,
  allowed: ReadonlySet<string>,
  where: string,
  origin: string,
): void => {
  const found = new Map<string, string>()
  for (const { name, op } of nodes) if (!allowed.has(op)) found.set(op, name)
  if (found.size === 0) return
  const listed = [...found].slice(0, most).map(([op, node]) => `${op} (node ${node})`)
  const more = found.size > most ? ` and ${found.size - most} more` : ''
  throw new SluiceError(
    'MODEL_UNSAFE',
    `${origin}: not among the operations that a model may have ${where}: ${listed.join(', ')}${more}`,
  )
}

/**
 * Checks a SavedModel: what a call runs only computes, what loading runs only restores as well, and the rest is what
 * Keras is known to export.
 * @throws SluiceError MODEL_UNSAFE naming the operation
 */
export const checkSavedModel = (metaGraphs: readonly MetaGraph[], origin: string): void => {
  for (const metaGraph of metaGraphs) {
    const reach = createReach(metaGraph)
    checkNodes(reach(metaGraph.entries), scoringOps, 'where it scores', origin)
    checkNodes(reach(metaGraph.restore), restoringOps, 'where it restores its variables', origin)
    const all = [...metaGraph.nodes, ...metaGraph.functions.flatMap((each) => each.nodes)]
    checkNodes(all, idleOps, 'anywhere', origin)
    const circle = findRecursion(metaGraph.functions)
    if (circle !== null)
      throw new SluiceError(
        'MODEL_UNSAFE',
        `${origin}: functions that call each other: ${circle.join(' -> ')}`,
      )
    for (const { name } of metaGraph.functions)
      if (idleOps.has(name))
        throw new SluiceError('MODEL_UNSAFE', `${origin}: a function takes the name of operation ${name}`)
  }
}

/** Checks the nodes of a TF.js GraphModel. @throws SluiceError MODEL_UNSAFE naming the operation */
export const checkGraphModel = (nodes: Iterable<Named>, origin: string): void =>
  checkNodes(nodes, scoringOps, 'where it scores', origin)

/** Checks the layers of a TF.js LayersModel. @throws SluiceError MODEL_UNSAFE naming the layer */
export const checkLayersModel = (classNames: Iterable<string>, origin: string): void => {
  for (const className of classNames)
    if (!layerClasses.has(className))
      throw new SluiceError(
        'MODEL_UNSAFE',
        `${origin}: layer ${className} is not among those that a model may have`,
      )
}
