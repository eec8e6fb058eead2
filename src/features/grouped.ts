/** The items of each group, in their order. */
export const groupedBy = <K, V>(items: readonly V[], groupOf: (item: V) => K): ReadonlyMap<K, V[]> => {
  const groups = new Map<K, V[]>()
  for (const item of items) {
    const group = groupOf(item)
    const known = groups.get(group)
    if (known === undefined) groups.set(group, [item])
    else known.push(item)
  }
  return groups
}
