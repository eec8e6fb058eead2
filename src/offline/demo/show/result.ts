import type { Outcome } from '../../../domain/outcome.ts'
import type { OwnPart, Quantile } from '../ownPart.ts'
import type { Latencies, Snapshot } from '../tally.ts'
import { count, millis, share } from './numbers.ts'

/** What `sluice demo --json` ends with. Times in milliseconds; null where nothing can be said. */
export type DemoResult = {
  readonly sent: number
  readonly decided: number
  readonly missing: number
  readonly conflicting: number
  readonly duplicates: number
  readonly degraded: number
  readonly outcomes: Readonly<Record<Outcome, number>>
  readonly latencyMs: Readonly<Record<keyof Latencies, number | null>>
  readonly fraud: { readonly caught: number; readonly missed: number }
  readonly ownPartMs: Readonly<Record<keyof OwnPart, number | null>>
}

const asMillis = ({ value }: Quantile): number | null =>
  value === null ? null : Math.round(value * 1_000_000) / 1_000

export const resultOf = (snapshot: Snapshot, ownPart: OwnPart): DemoResult => ({
  sent: snapshot.sent,
  decided: snapshot.decided,
  missing: snapshot.sent - snapshot.decided,
  conflicting: snapshot.conflicting,
  duplicates: snapshot.duplicates,
  degraded: snapshot.degraded,
  outcomes: snapshot.outcomes,
  latencyMs: snapshot.latencyMs ?? { p50: null, p99: null, p999: null, max: null },
  fraud: snapshot.fraud,
  ownPartMs: {
    p50: asMillis(ownPart.p50),
    p99: asMillis(ownPart.p99),
    p999: asMillis(ownPart.p999),
  },
})

/** Every payment got a decision, and none two different ones. */
export const isSuccess = ({ sent, missing, conflicting }: DemoResult): boolean =>
  sent > 0 && missing === 0 && conflicting === 0

const quantileText = (name: string, { value, from, to }: Quantile): string => {
  const limits = to === Infinity ? `above ${from * 1_000}` : `bucket ${from * 1_000} to ${to * 1_000}`
  return value === null ? `${name} ${limits}` : `${name} ${millis(value * 1_000)} (${limits})`
}

/** What is said at the end, beside the table. */
export const resultLines = (result: DemoResult, snapshot: Snapshot, ownPart: OwnPart): readonly string[] => {
  const { sent, decided, missing, conflicting, duplicates, fraud } = result
  const good = decided - fraud.caught - fraud.missed
  return [
    `${count(decided)} of ${count(sent)} payments decided, ${count(missing)} missing, ${count(conflicting)} with two different decisions, ${count(duplicates)} told twice`,
    `${count(fraud.caught)} of ${count(fraud.caught + fraud.missed)} frauds stopped; ${count(snapshot.goodStopped)} of ${count(good)} good payments too (${share(snapshot.goodStopped, good)})`,
    `the processor's own part, ms: ${quantileText('p50', ownPart.p50)}, ${quantileText('p99', ownPart.p99)}, ${quantileText('p99.9', ownPart.p999)}`,
    ...(snapshot.unexpected === 0
      ? []
      : [`${count(snapshot.unexpected)} decisions for payments that were never sent`]),
  ]
}
