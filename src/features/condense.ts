import { merged, type Bucket } from './bucket.ts'

/** Count, sum and sum of squares: what windows are added up from. */
type Weight = { readonly count: number; readonly sum: number; readonly squares: number }

const weightOf = ({ count, sum, spread }: Bucket): Weight => ({
  count,
  sum,
  squares: spread + (sum * sum) / count,
})

const plus = (a: Weight, b: Weight): Weight => ({
  count: a.count + b.count,
  sum: a.sum + b.sum,
  squares: a.squares + b.squares,
})

const nothing: Weight = { count: 0, sum: 0, squares: 0 }

/** Amounts without a rate are not known: only their number counts. */
const isLight = ({ count, sum, squares }: Weight, newer: Weight, share: number): boolean => {
  if (count > share * newer.count) return false
  return Number.isNaN(sum) || (sum <= share * newer.sum && squares <= share * newer.squares)
}

const isMoment = ({ from, to }: Bucket): boolean => from === to

/** Oldest first, those of one moment as one. */
const inOrder = (buckets: readonly Bucket[]): readonly Bucket[] => {
  const ordered: Bucket[] = []
  for (const bucket of buckets.toSorted((a, b) => a.to - b.to || a.from - b.from)) {
    const last = ordered.at(-1)
    if (last !== undefined && isMoment(last) && isMoment(bucket) && last.to === bucket.to)
      ordered[ordered.length - 1] = merged(last, bucket)
    else ordered.push(bucket)
  }
  return ordered
}

/** What certainly comes after a time; to be asked for ever earlier ones. */
const createNewer = (all: readonly Bucket[]): ((to: number) => Weight) => {
  const newestFirst = all.toSorted((a, b) => b.from - a.from)
  let next = 0
  let total = nothing
  return (to) => {
    for (
      let bucket = newestFirst[next];
      bucket !== undefined && bucket.from > to;
      bucket = newestFirst[++next]
    )
      total = plus(total, weightOf(bucket))
    return total
  }
}

/** A bucket and all that lie over it, as after late arrivals: a window may cut them all at once. */
const cutWith = (
  one: Bucket,
  newer: readonly Bucket[],
  ordered: readonly Bucket[],
  older: number,
): Weight => {
  let total = weightOf(one)
  for (const bucket of newer)
    if (bucket.from < one.to && !isMoment(bucket)) total = plus(total, weightOf(bucket))
  for (let index = older - 1; index >= 0; index--) {
    const bucket = ordered[index]
    if (bucket === undefined || bucket.to <= one.from) break
    if (!isMoment(bucket)) total = plus(total, weightOf(bucket))
  }
  return total
}

/**
 * The rule of an exponential histogram (Datar, Gionis, Indyk and Motwani 2002): neighbours become one only while that,
 * and what a window cuts together with it, stays within `share` of everything newer of their class, in number, sum and
 * sum of squares. A window that begins anywhere is then off by at most `share` of what it holds.
 * @param buckets of one class
 * @param kept records of that class that are still told apart, of any time
 * @returns oldest first
 */
export const condense = (
  buckets: readonly Bucket[],
  kept: readonly Bucket[],
  share: number,
): readonly Bucket[] => {
  const ordered = inOrder(buckets)
  const newerThan = createNewer([...ordered, ...kept])
  const done: Bucket[] = []
  let current = ordered.at(-1)
  if (current === undefined) return []
  let newer = newerThan(current.to)
  for (let index = ordered.length - 2; index >= 0; index--) {
    const bucket = ordered[index]
    if (bucket === undefined) break
    const both = merged(bucket, current)
    if (isLight(cutWith(both, done, ordered, index), newer, share)) current = both
    else {
      done.push(current)
      current = bucket
      newer = newerThan(bucket.to)
    }
  }
  return [...done, current].toReversed()
}
