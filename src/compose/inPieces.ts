export type InPiecesDeps = {
  /** Milliseconds that never step back. */
  readonly monotonic: () => number
  /** Lets everything else that waits have its turn. */
  readonly rest: () => Promise<void>
  /** So long work goes on before it rests. */
  readonly budgetMs: number
}

/** Does work in pieces, so that payments wait for one of them at most: each step must be short. */
export type InPieces = (steps: Iterable<void>) => Promise<void>

/** Payments wait no longer than about this for changes of what is held in memory. */
export const pieceMs = 1

export const createInPieces =
  ({ monotonic, rest, budgetMs }: InPiecesDeps): InPieces =>
  async (steps) => {
    let startedAt = monotonic()
    for (const _step of steps) {
      if (monotonic() - startedAt < budgetMs) continue
      await rest()
      startedAt = monotonic()
    }
  }

/** A turn of the event loop: what came from Kafka, Redis and timers goes before. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
