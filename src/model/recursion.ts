import type { GraphFunction } from './savedModelGraph.ts'

/**
 * A function that calls itself, by way of others too: a call of it would never end.
 * @returns the names on the way round; null if there is none
 */
export const findRecursion = (functions: readonly GraphFunction[]): readonly string[] | null => {
  const callees = new Map<string, Set<string>>()
  for (const { name, nodes } of functions) {
    const called = callees.get(name) ?? new Set()
    for (const { op, calls } of nodes) for (const each of [op, ...calls]) called.add(each)
    callees.set(name, called)
  }
  const done = new Set<string>()
  for (const start of callees.keys()) {
    // A way down the calls, without recursion of ours: a file may nest them as deep as it likes.
    const way: { readonly name: string; readonly left: string[] }[] = []
    const onWay = new Set<string>()
    const enter = (name: string): void => {
      way.push({ name, left: [...(callees.get(name) ?? [])].filter((each) => callees.has(each)) })
      onWay.add(name)
    }
    if (!done.has(start)) enter(start)
    for (let last = way.at(-1); last !== undefined; last = way.at(-1)) {
      const next = last.left.pop()
      if (next === undefined) {
        way.pop()
        onWay.delete(last.name)
        done.add(last.name)
      } else if (onWay.has(next)) {
        const names = way.map(({ name }) => name)
        return [...names.slice(names.indexOf(next)), next]
      } else if (!done.has(next)) enter(next)
    }
  }
  return null
}
