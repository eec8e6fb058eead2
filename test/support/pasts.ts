import type { EntityType } from '../../src/domain/entity.ts'
import { compileFeatures, defaultRetentionMs } from '../../src/features/plan.ts'
import { recalledOf } from './histories.ts'
import type { OracleSettings } from './oracle.ts'
import type { OracleEntry, OraclePayment } from './oracleEntries.ts'

export const noon = Date.UTC(2026, 0, 15, 12)
export const second = 1000
export const minute = 60 * second
export const hour = 60 * minute
export const day = 24 * hour

export const everywhere = (since: number): Readonly<Record<EntityType, number>> => ({
  account: since,
  card: since,
  device: since,
  ip: since,
  payee: since,
  merchant: since,
})
export const complete: OracleSettings = {
  retentionMs: defaultRetentionMs,
  coveredSince: everywhere(0),
  unreadable: [],
}

export const onlyAccount = {
  account: 'a1',
  card: null,
  device: null,
  ip: null,
  payee: null,
  merchant: null,
}

/** A payment so long before noon. */
export const aPast = (paymentId: string, ago: number, over: Partial<OraclePayment> = {}): OraclePayment => ({
  paymentId,
  attempt: 1,
  contentHash: '00aa000000000000',
  effectiveAt: noon - ago,
  amount: 100,
  entities: onlyAccount,
  place: null,
  ...over,
})
export const self = (over: Partial<OraclePayment> = {}): OraclePayment => aPast('self', 0, over)

export const paid = (payment: OraclePayment, outcome = 'UNKNOWN'): OracleEntry => ({
  kind: 'payment',
  payment,
  outcome,
})
export const told = (payment: OraclePayment, outcome: string): OracleEntry => ({
  kind: 'outcome',
  payment,
  contentKnown: true,
  outcome,
})
/** @param known so long before noon */
export const labelled = (
  { paymentId, entities, effectiveAt }: OraclePayment,
  label: string,
  known: number,
): OracleEntry => ({
  kind: 'label',
  paymentId,
  entities,
  label,
  knownAt: noon - known,
  occurredAt: effectiveAt,
})
export const happened = (event: string, eventId: string, ago: number): OracleEntry => ({
  kind: 'event',
  event,
  eventId,
  entities: onlyAccount,
  at: noon - ago,
})

/** The features of the payment, as of its first record. */
export const compute = (
  names: readonly string[],
  payment: OraclePayment,
  log: readonly OracleEntry[],
  settings: OracleSettings = complete,
): { readonly values: readonly number[]; readonly degraded: readonly string[] } => {
  const row = new Float64Array(names.length).fill(-1)
  const plan = compileFeatures(names, { retentionMs: settings.retentionMs })
  const degraded = plan.compute(recalledOf(payment, log, settings), row)
  return { values: [...row], degraded }
}

export const valueOf = (
  name: string,
  payment: OraclePayment,
  log: readonly OracleEntry[],
  settings = complete,
): number => compute([name], payment, log, settings).values[0] ?? -1
