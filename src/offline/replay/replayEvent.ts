import type { AccountEvent } from '../../domain/accountEvent.ts'
import type { DeviceHealth } from '../../domain/deviceHealth.ts'
import type { RiskFeedback } from '../../domain/feedback.ts'
import type { Payment } from '../../domain/payment.ts'
import type { Vulnerability } from '../../domain/vulnerability.ts'

/** What stands for Kafka's record timestamp, epoch ms; without it a record comes at the time that it states. */
type Recorded = { readonly recordTimestamp?: number | null }

/** What arrives, in the order of its arrival. A `SimEvent` is one too. */
export type ReplayEvent =
  | (Recorded & { readonly kind: 'payment'; readonly payment: Payment })
  | { readonly kind: 'deviceHealth'; readonly report: DeviceHealth }
  | { readonly kind: 'vulnerability'; readonly vulnerability: Vulnerability }
  | (Recorded & { readonly kind: 'accountEvent'; readonly event: AccountEvent })
  | (Recorded & { readonly kind: 'feedback'; readonly feedback: RiskFeedback })

type Payments = Extract<ReplayEvent, { readonly kind: 'payment' }>
type Reports = Extract<ReplayEvent, { readonly kind: 'deviceHealth' }>
type Vulnerabilities = Extract<ReplayEvent, { readonly kind: 'vulnerability' }>
type Notes = Extract<ReplayEvent, { readonly kind: 'accountEvent' | 'feedback' }>

/** Events that one call takes over. */
export type Run =
  | { readonly kind: 'payments'; readonly events: readonly Payments[] }
  | { readonly kind: 'reports'; readonly events: readonly Reports[] }
  | { readonly kind: 'notes'; readonly events: readonly Notes[] }
  | { readonly kind: 'vulnerabilities'; readonly events: readonly Vulnerabilities[] }

const isPayment = (event: ReplayEvent | undefined): event is Payments => event?.kind === 'payment'
const isReport = (event: ReplayEvent | undefined): event is Reports => event?.kind === 'deviceHealth'
const isVulnerability = (event: ReplayEvent | undefined): event is Vulnerabilities =>
  event?.kind === 'vulnerability'
const isNote = (event: ReplayEvent | undefined): event is Notes =>
  event?.kind === 'accountEvent' || event?.kind === 'feedback'

/** As many as follow one another, from `from` on, and are of that kind. */
const following = <T extends ReplayEvent>(
  events: readonly ReplayEvent[],
  from: number,
  isKind: (event: ReplayEvent | undefined) => event is T,
): readonly T[] => {
  const found: T[] = []
  for (let event = events[from]; isKind(event); event = events[from + found.length]) found.push(event)
  return found
}

/** The events, in their order, as runs of one kind. */
export function* runsOf(events: readonly ReplayEvent[]): Generator<Run, void, undefined> {
  let from = 0
  while (from < events.length) {
    const payments = following(events, from, isPayment)
    if (payments.length > 0) yield { kind: 'payments', events: payments }
    from += payments.length
    const reports = following(events, from, isReport)
    if (reports.length > 0) yield { kind: 'reports', events: reports }
    from += reports.length
    const notes = following(events, from, isNote)
    if (notes.length > 0) yield { kind: 'notes', events: notes }
    from += notes.length
    const vulnerabilities = following(events, from, isVulnerability)
    if (vulnerabilities.length > 0) yield { kind: 'vulnerabilities', events: vulnerabilities }
    from += vulnerabilities.length
  }
}
