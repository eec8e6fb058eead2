/** Something and the time by which it has its place, epoch milliseconds. */
export type Timed<T> = { readonly at: number; readonly item: T }

/** Hands out its items in its own order, some at a time; none once it has ended. */
export type TimedSource<T> = { read(): Promise<readonly Timed<T>[]> }

type Side<T> = { readonly source: TimedSource<T>; items: readonly Timed<T>[]; next: number }

const readOn = async <T>(side: Side<T>): Promise<void> => {
  side.items = await side.source.read()
  side.next = 0
}

const timeOf = <T>({ items, next }: Side<T>): number => items[next]?.at ?? Infinity

const earliest = <T>(sides: readonly Side<T>[]): Side<T> | null => {
  let found: Side<T> | null = null
  for (const side of sides)
    if (side.next < side.items.length && (found === null || timeOf(side) < timeOf(found))) found = side
  return found
}

/**
 * The items of all sources by their time, at most `size` at once. Each source keeps its own order, whatever its times;
 * of equal times the source that is named first goes first.
 */
export async function* mergeByTime<T>(
  sources: readonly TimedSource<T>[],
  size: number,
): AsyncGenerator<readonly T[], void, undefined> {
  const sides = sources.map((source): Side<T> => ({ source, items: [], next: 0 }))
  await Promise.all(sides.map(readOn))
  let merged: T[] = []
  for (let side = earliest(sides); side !== null; side = earliest(sides)) {
    const head = side.items[side.next++]
    if (head !== undefined) merged.push(head.item)
    if (side.next === side.items.length) await readOn(side)
    if (merged.length < size) continue
    yield merged
    merged = []
  }
  if (merged.length > 0) yield merged
}
