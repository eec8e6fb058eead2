/** How far a drain had come at one moment. */
export type Sample = {
  /** Monotonic ms. */
  readonly at: number
  readonly decided: number
  readonly nodeCpuMs: number
  /** null where Redis is not ours to look at. */
  readonly redisCpuMs: number | null
}

export type DrainResult = {
  /** Payments that were measured: what came after the warm-up share. */
  readonly payments: number
  readonly paymentsPerSecond: number
  readonly nodeMicros: number
  readonly redisMicros: number | null
  /** Node and Redis together. */
  readonly cpuMicros: number | null
  /** The most that was resident. */
  readonly peakRssMib: number
  /** Of that, copies of histories at the end. */
  readonly copiesMib: number
  /** Inputs that decisions of the whole drain were made without: each makes a payment cheaper than it should be. */
  readonly degraded: number
}

/** The first sample with at least this share of the backlog decided, and the last one. */
export const measuredPart = (
  samples: readonly Sample[],
  backlog: number,
  warmUpShare: number,
): readonly [Sample, Sample] => {
  const first = samples.find(({ decided }) => decided >= backlog * warmUpShare)
  const last = samples.find(({ decided }) => decided >= backlog)
  if (first === undefined || last === undefined || last.decided === first.decided)
    throw new Error(`too few samples of a drain of ${backlog}: ${samples.length}`)
  return [first, last]
}

/** MiB. */
export type DrainMemory = { readonly most: number; readonly copies: number }

/** Rate and CPU a payment between two samples. */
export const drainBetween = (
  from: Sample,
  to: Sample,
  memory: DrainMemory,
  degraded: number,
): DrainResult => {
  const payments = to.decided - from.decided
  const microsOf = (ms: number): number => (ms * 1_000) / payments
  const nodeMicros = microsOf(to.nodeCpuMs - from.nodeCpuMs)
  const redisMicros =
    to.redisCpuMs === null || from.redisCpuMs === null ? null : microsOf(to.redisCpuMs - from.redisCpuMs)
  return {
    payments,
    paymentsPerSecond: payments / ((to.at - from.at) / 1_000),
    nodeMicros,
    redisMicros,
    cpuMicros: redisMicros === null ? null : nodeMicros + redisMicros,
    peakRssMib: memory.most,
    copiesMib: memory.copies,
    degraded,
  }
}
