import type { Redis } from 'ioredis'

/** What ioredis 6 has for `socketTimeout`, which its types do not tell. */
type Watched = {
  readonly stream: NodeJS.ReadableStream & { readonly destroy: (error: Error) => void }
  readonly commandQueue: { readonly length: number }
  socketTimeoutTimer: NodeJS.Timeout | undefined
  setSocketTimeout: () => void
}

/**
 * ioredis counts a stall of this process as silence of Redis: after SIGSTOP and SIGCONT the timer is due before the
 * socket is read, the connection is destroyed, and answers that have long arrived are lost. The journal's is one of
 * them: without it a payment may be answered otherwise than by who took over meanwhile.
 * Here what has arrived by the end of the stall is read first. Each answer begins the time anew.
 */
export const forgiveStalls = (redis: Redis, silenceMs: number): void => {
  const watched = redis as unknown as Watched
  watched.setSocketTimeout = () => {
    const { stream } = watched
    const timer = setTimeout(() => setImmediate(giveUp), silenceMs)
    const giveUp = (): void => {
      if (watched.socketTimeoutTimer !== timer) return
      watched.socketTimeoutTimer = undefined
      stream.destroy(new Error(`expected an answer of Redis within ${silenceMs} ms, found none`))
    }
    watched.socketTimeoutTimer = timer
    // ioredis has taken the answers from its queue by then: it listened first.
    stream.once('data', () => {
      if (watched.socketTimeoutTimer !== timer) return
      clearTimeout(timer)
      watched.socketTimeoutTimer = undefined
      if (watched.commandQueue.length > 0) watched.setSocketTimeout()
    })
  }
}
