import type { Received } from '../domain/received.ts'
import type { Appends } from './appends.ts'
import { groupedBy } from './grouped.ts'

/** What is asked of the nodes for one batch. */
export type Question = {
  readonly appends: Appends
  /** Of each log in `appends`: its place among those of the whole batch. */
  readonly places: readonly number[]
  /** Payments whose devices are asked for. */
  readonly batch: readonly Received[]
  /** Goes ahead of `appends`. */
  readonly before: readonly Appends[]
}

/** The part of a question that is for one node. */
export type Share = Question & { readonly node: number }

export type Placement = {
  readonly nodeOfShard: (shard: number) => number
  readonly nodeOfDevice: (deviceId: string) => number
}

const onlyTouching = (appends: Appends, touched: Appends['touched']): Appends => ({ ...appends, touched })

/** By node, what is appended there. Records are not copied: each share has all of them, and names its own. */
export const shareAppends = (
  appends: Appends,
  nodeOf: (shard: number) => number,
): ReadonlyMap<number, Appends> => {
  const byNode = groupedBy(appends.touched, ({ entity }) => nodeOf(entity.shard))
  return new Map([...byNode].map(([node, touched]) => [node, onlyTouching(appends, touched)]))
}

/** Splits by entity, not by payment: each node gets what it holds, and the order in each log stays. */
export const sharesOf = (
  { appends, places, batch, before }: Question,
  { nodeOfShard, nodeOfDevice }: Placement,
): readonly Share[] => {
  const shares = new Map<
    number,
    { touched: Appends['touched'][number][]; places: number[]; batch: Received[]; before: Appends[] }
  >()
  const shareOf = (node: number) => {
    const known = shares.get(node)
    if (known !== undefined) return known
    const share = { touched: [], places: [], batch: [], before: [] }
    shares.set(node, share)
    return share
  }
  appends.touched.forEach((touched, i) => {
    const share = shareOf(nodeOfShard(touched.entity.shard))
    share.touched.push(touched)
    share.places.push(places[i] ?? -1)
  })
  for (const received of batch) {
    const { deviceId } = received.payment
    if (deviceId !== null) shareOf(nodeOfDevice(deviceId)).batch.push(received)
  }
  for (const earlier of before)
    for (const [node, part] of shareAppends(earlier, nodeOfShard)) shareOf(node).before.push(part)
  return [...shares].map(([node, { touched, ...share }]) => ({
    node,
    ...share,
    appends: onlyTouching(appends, touched),
  }))
}
