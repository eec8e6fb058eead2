import type { Flow, Positions } from './flow.ts'
import type { RawRecord } from './record.ts'

type Waiting = {
  readonly records: readonly RawRecord[]
  readonly onDecided: (() => void) | undefined
  readonly resolve: (positions: Positions) => void
  readonly reject: (error: unknown) => void
}

/** Cuts what waits into micro-batches of at most `batchMax` records; what came together stays together. */
const group = (waiting: readonly Waiting[], batchMax: number): readonly (readonly Waiting[])[] => {
  const groups: Waiting[][] = []
  let room = 0
  for (const each of waiting) {
    const open = groups.at(-1)
    if (open === undefined || each.records.length > room) {
      groups.push([each])
      room = batchMax - each.records.length
    } else {
      open.push(each)
      room -= each.records.length
    }
  }
  return groups
}

/**
 * Joins what several partitions bring in one turn of the event loop into one micro-batch: at a low rate each brings
 * one or two payments, and most of what a micro-batch costs is the same for one payment as for ten. If it fails,
 * it fails for all of them, and they come again.
 */
export const createGather = (flow: Flow, batchMax: number): Flow => {
  let waiting: Waiting[] = []

  const run = (joined: readonly Waiting[]): void => {
    const onDecided = (): void => {
      for (const each of joined) each.onDecided?.()
    }
    flow(
      joined.flatMap(({ records }) => records),
      onDecided,
    ).then(
      (positions) => {
        for (const { resolve } of joined) resolve(positions)
      },
      (error: unknown) => {
        for (const { reject } of joined) reject(error)
      },
    )
  }

  const runAll = (): void => {
    const due = waiting
    waiting = []
    for (const joined of group(due, batchMax)) run(joined)
  }

  return (records, onDecided) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(runAll)
      waiting.push({ records, onDecided, resolve, reject })
    })
}
