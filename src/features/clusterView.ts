import { slotCount, slotOfShard } from './slots.ts'

/** What one node answered to CLUSTER NODES. */
export type NodesReply = {
  readonly text: string
  /** The host that it was asked under: a node that was never met does not know its own. */
  readonly host: string
}

export type ClusterView = {
  /** `host:port` of each master that has a shard. */
  readonly masters: readonly string[]
  /** For each shard the place of its master in `masters`; -1: nobody has it, or it is on the move. */
  readonly owners: Int16Array
}

type Line = {
  readonly id: string
  readonly address: string
  readonly isOwn: boolean
  /** Who claims a slot with the greatest epoch has it. */
  readonly epoch: number
  readonly slots: readonly string[]
}

/** `ip:port@busport,hostname,more`: a name that a node announces is what its certificate is for. */
const addressPattern = /^(.*):(\d+)(?:@\d+)?(?:,([^,]*).*)?$/

const addressOf = (field: string, askedHost: string): string => {
  const [, ip = '', port = '', hostname = ''] = addressPattern.exec(field) ?? []
  const host = hostname || ip || askedHost
  return host.includes(':') && !host.startsWith('[') ? `[${host}]:${port}` : `${host}:${port}`
}

const linesOf = ({ text, host }: NodesReply): readonly Line[] =>
  text.split('\n').flatMap((line) => {
    const [id, address, flags, , , , epoch, , ...slots] = line.trim().split(' ')
    if (id === undefined || address === undefined || flags === undefined) return []
    const flagged = flags.split(',')
    if (!flagged.includes('master') || flagged.includes('noaddr')) return []
    const isOwn = flagged.includes('myself')
    return [{ id, address: addressOf(address, isOwn ? host : ''), isOwn, epoch: Number(epoch), slots }]
  })

const rangePattern = /^(\d+)(?:-(\d+))?$/
const leavingPattern = /^\[(\d+)->-/

/**
 * Puts together what several nodes say: in each slot the claim of the greatest epoch counts, and among equals what a
 * node says of itself. While a slot is being moved its keys are on two nodes: nobody is asked for them.
 */
export const viewOf = (replies: readonly NodesReply[]): ClusterView => {
  const holders: (Line | undefined)[] = Array.from({ length: slotCount })
  const leaving = new Map<number, string>()
  const claim = (line: Line, slot: number): void => {
    const rival = holders[slot]
    const wins =
      rival === undefined ||
      line.epoch > rival.epoch ||
      (line.epoch === rival.epoch && line.isOwn && !rival.isOwn)
    if (wins) holders[slot] = line
  }
  for (const line of replies.flatMap(linesOf))
    for (const text of line.slots) {
      const range = rangePattern.exec(text)
      const [, moved] = leavingPattern.exec(text) ?? []
      if (range !== null)
        for (let slot = Number(range[1]); slot <= Number(range[2] ?? range[1]); slot++) claim(line, slot)
      else if (moved !== undefined && line.isOwn) leaving.set(Number(moved), line.id)
    }

  const masters: string[] = []
  const owners = Int16Array.from(slotOfShard, (slot) => {
    const holder = holders[slot]
    if (holder === undefined || leaving.get(slot) === holder.id) return -1
    const place = masters.indexOf(holder.address)
    return place >= 0 ? place : masters.push(holder.address) - 1
  })
  return { masters, owners }
}
