import { bucketAround, bucketQuantile, readBuckets, since, type Buckets } from './exposition.ts'
import type { LoadResult } from './program.ts'
import { degradedIn, type Memory, type Reading } from './measure.file.ts'

/** In ms; the true value lies in the bucket that is named beside it. */
export type Interpolated = { readonly value: number; readonly bucket: readonly [number, number] }
export type InterpolatedTimes = {
  readonly p50: Interpolated
  readonly p99: Interpolated
  readonly p999: Interpolated
}

/** What one run of one program gave. */
export type LatencyRun = LoadResult & {
  readonly nodeMicros: number
  readonly redisMicros: number | null
  readonly rssMib: number
  readonly peakRssMib: number
  /** Of rssMib, copies of histories. */
  readonly copiesMib: number
  /** Inputs that decisions were made without. */
  readonly degraded: number
  /** Entry into the consumer to hand-over to the producer; null for the relay. */
  readonly ownPartMs: InterpolatedTimes | null
  /** Of micro-batches, by stage; null for the relay. */
  readonly batchStageMs: Readonly<Record<string, InterpolatedTimes>> | null
}

/** What follows the making of the answer, which cannot tell of it itself. */
export const laterStages = ['explain', 'journal', 'publish'] as const

const msPerSecond = 1_000

const interpolated = (buckets: Buckets, q: number): Interpolated => {
  const [low, high] = bucketAround(buckets, q)
  return { value: bucketQuantile(buckets, q) * msPerSecond, bucket: [low * msPerSecond, high * msPerSecond] }
}

const timesOf = (before: Reading, after: Reading, name: string, labels = {}): InterpolatedTimes => {
  const buckets = since(readBuckets(before.metrics, name, labels), readBuckets(after.metrics, name, labels))
  return {
    p50: interpolated(buckets, 0.5),
    p99: interpolated(buckets, 0.99),
    p999: interpolated(buckets, 0.999),
  }
}

export type Measurement = {
  readonly result: LoadResult
  readonly before: Reading
  readonly after: Reading
  readonly memory: Memory
  /** Sent between the two readings. */
  readonly payments: number
}

export const latencyRun = ({ result, before, after, memory, payments }: Measurement): LatencyRun => {
  const micros = (ms: number): number => (ms * 1_000) / payments
  const tellsItself = after.metrics !== ''
  return {
    ...result,
    nodeMicros: micros(after.nodeCpuMs - before.nodeCpuMs),
    redisMicros:
      after.redisCpuMs === null || before.redisCpuMs === null
        ? null
        : micros(after.redisCpuMs - before.redisCpuMs),
    rssMib: memory.now,
    peakRssMib: memory.most,
    copiesMib: memory.copies,
    degraded: degradedIn(after.metrics) - degradedIn(before.metrics),
    ownPartMs: tellsItself ? timesOf(before, after, 'sluice_own_part_seconds') : null,
    batchStageMs: tellsItself
      ? Object.fromEntries(
          laterStages.map((stage) => [stage, timesOf(before, after, 'sluice_stage_seconds', { stage })]),
        )
      : null,
  }
}
