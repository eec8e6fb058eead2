import type { GraphNode, MetaGraph } from './savedModelGraph.ts'

/** `^node`, `node:1` -> `node`. */
const nodeName = (input: string): string => input.replace(/^\^/, '').replace(/:\d+$/, '')

const byName = <T extends { readonly name: string }>(
  items: readonly T[],
): ReadonlyMap<string, readonly T[]> => {
  const map = new Map<string, T[]>()
  for (const item of items) map.set(item.name, [...(map.get(item.name) ?? []), item])
  return map
}

/**
 * All nodes that running some nodes of the graph may run, those of called functions included: a function that is
 * reached is reached whole. A function under the name of an operation is what the runtime takes for it.
 */
export const createReach = ({
  nodes,
  functions,
}: MetaGraph): ((from: readonly string[]) => ReadonlySet<GraphNode>) => {
  const ofGraph = new Set(nodes)
  const nodesByName = byName(nodes)
  const functionsByName = byName(functions)
  const interchangeable = functions.filter((each) => each.isInterchangeable).flatMap((each) => each.nodes)

  return (from) => {
    const reached = new Set<GraphNode>()
    const called = new Set<string>()
    const waiting: GraphNode[] = [
      ...from.flatMap((name) => nodesByName.get(nodeName(name)) ?? []),
      ...interchangeable,
    ]
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
      if (reached.has(node)) continue
      reached.add(node)
      // Inside a function names are the function's own, and all of its nodes are reached anyway.
      if (ofGraph.has(node))
        for (const input of node.inputs) waiting.push(...(nodesByName.get(nodeName(input)) ?? []))
      for (const call of [node.op, ...node.calls]) {
        if (called.has(call)) continue
        called.add(call)
        for (const each of functionsByName.get(call) ?? []) waiting.push(...each.nodes)
      }
    }
    return reached
  }
}
