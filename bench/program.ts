/** What the load generator is told. */
export type LoadOrder = {
  readonly brokers: string
  readonly paymentsTopic: string
  readonly decisionsTopic: string
  readonly groupId: string
  /** Of `writePayments`: one for each intended time. */
  readonly file: string
  /** Intended times, ms from the start. */
  readonly times: readonly number[]
  /** Payments that are meant to be sent before this moment only warm up; ms from the start. */
  readonly warmUpMs: number
  /** The answers are decisions, which tell the time that they spent in each stage. */
  readonly decisions: boolean
  readonly maxWaitMs: number
}

/** What a decision tells of its way. */
export const stages = ['wait', 'decode', 'recall', 'features', 'score', 'decide'] as const

export type Percentiles = {
  readonly p50: number
  readonly p99: number
  readonly p999: number
  readonly max: number
}

/** What the load generator found out about the payments after the warm-up. */
export type LoadResult = {
  readonly payments: number
  /** Intended send to receipt of the answer. */
  readonly endToEndMs: Percentiles
  /** How late the generator itself was; it is part of the above. */
  readonly sendLagMs: Percentiles
  /** Of the answers' own account; null for the relay. */
  readonly stageMs: Readonly<Record<string, Percentiles>> | null
  /** Payments that were never answered, and answers to no payment or to one that had an answer. */
  readonly missing: number
  readonly unexpected: number
}

export type LoadMessage =
  | { readonly kind: 'ready' }
  /** The warm-up is over: the measuring begins. */
  | { readonly kind: 'warm' }
  /** Everything is answered, or has been waited for long enough. */
  | { readonly kind: 'done'; readonly result: LoadResult }

/** What the relay is told. */
export type RelayOrder = {
  readonly brokers: string
  readonly from: string
  readonly to: string
  readonly groupId: string
  readonly maxWaitMs: number
  readonly sessionTimeoutMs: number
  readonly partitionsConcurrently: number
  readonly commitIntervalMs: number
}
