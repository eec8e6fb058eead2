import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createReach } from '../../../src/model/reach.ts'
import type { GraphNode, MetaGraph } from '../../../src/model/savedModelGraph.ts'

const names = ['a', 'b', 'c', 'd', 'e'] as const
const anyName = fc.constantFrom(...names)
const anyInput = anyName.chain((name) => fc.constantFrom(name, `${name}:1`, `^${name}`, 'elsewhere'))
const anyNode: fc.Arbitrary<GraphNode> = fc.record({
  name: anyName,
  op: fc.constantFrom('Add', ...names),
  inputs: fc.array(anyInput, { maxLength: 3 }),
  calls: fc.array(anyName, { maxLength: 2 }),
})
const anyGraph: fc.Arbitrary<MetaGraph> = fc.record({
  nodes: fc.array(anyNode, { maxLength: 8 }),
  functions: fc.array(
    fc.record({
      name: anyName,
      nodes: fc.array(anyNode, { maxLength: 3 }),
      isInterchangeable: fc.constantFrom(false, false, false, true),
    }),
    { maxLength: 5 },
  ),
  entries: fc.array(anyInput, { maxLength: 2 }),
  restore: fc.constant([]),
})

/** Adds what is one step away until nothing is new. */
const naiveReach = ({ nodes, functions }: MetaGraph, from: readonly string[]): ReadonlySet<GraphNode> => {
  const plain = (input: string): string => input.replaceAll(/^\^|:\d+$/g, '')
  const reached = new Set([
    ...nodes.filter(({ name }) => from.map(plain).includes(name)),
    ...functions.flatMap((each) => (each.isInterchangeable ? each.nodes : [])),
  ])
  for (let before = -1; before !== reached.size;) {
    before = reached.size
    for (const node of reached) {
      const wanted = nodes.includes(node) ? node.inputs.map(plain) : []
      for (const each of nodes) if (wanted.includes(each.name)) reached.add(each)
      for (const { name, nodes: body } of functions)
        if (name === node.op || node.calls.includes(name)) for (const each of body) reached.add(each)
    }
  }
  return reached
}

describe('what running a node may run', () => {
  it('is what following inputs and calls step by step gives', () => {
    fc.assert(
      fc.property(anyGraph, (graph) => {
        expect(new Set(createReach(graph)(graph.entries))).toEqual(naiveReach(graph, graph.entries))
        expect(createReach(graph)(graph.entries).size).toBe(naiveReach(graph, graph.entries).size)
      }),
      { numRuns: 500 },
    )
  })
})
