/** `up` to the server, `down` to the client. */
export type Direction = 'up' | 'down'
export const bothDirections: readonly Direction[] = ['up', 'down']

/** What a bad network does to bytes of one direction. */
export type Toxic = {
  /** Each byte arrives at least this much later; their order stays. */
  readonly latencyMs: number
  /** Up to this much later still, by chance. */
  readonly jitterMs: number
  /** Of each connection. */
  readonly bytesPerSecond: number
  /** Half-open: bytes vanish and the connection stays up. */
  readonly swallows: boolean
}

export const harmless: Toxic = { latencyMs: 0, jitterMs: 0, bytesPerSecond: Infinity, swallows: false }
