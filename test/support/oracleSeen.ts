import type { EntityType } from '../../src/domain/entity.ts'
import { entitiesOf, type OracleEntry, type OraclePayment } from './oracleEntries.ts'

export const samePayment = (a: OraclePayment, b: OraclePayment): boolean =>
  a.paymentId === b.paymentId && a.attempt === b.attempt && a.contentHash === b.contentHash

const sameTry = (a: OraclePayment, b: OraclePayment): boolean =>
  a.paymentId === b.paymentId && a.attempt === b.attempt

/** All that the payment sees of one entity: what stands in that entity's log before its own first record. */
export const seenBy = (
  self: OraclePayment,
  entity: EntityType,
  log: readonly OracleEntry[],
): readonly OracleEntry[] => {
  const ofEntity = log.filter((entry) => entitiesOf(entry)[entity] === self.entities[entity])
  const own = ofEntity.findIndex((entry) => entry.kind === 'payment' && samePayment(entry.payment, self))
  return own < 0 ? ofEntity : ofEntity.slice(0, own)
}

export type Earlier = {
  readonly payment: OraclePayment
  readonly allowed: boolean
  /** Outcomes, and the place in what is seen where payment and outcome both had come. */
  readonly told: readonly { readonly outcome: string; readonly place: number }[]
}

export const withoutRepeats = (seen: readonly OracleEntry[]): readonly Earlier[] => {
  const payments = seen.filter((entry) => entry.kind === 'payment')
  const firsts = payments.filter(
    (entry, index) => payments.findIndex((other) => samePayment(other.payment, entry.payment)) === index,
  )
  return firsts.map((entry) => {
    const firstTry = firsts.find((other) => sameTry(other.payment, entry.payment))
    const told = seen
      .filter((other) => other.kind === 'outcome')
      .filter((other) =>
        other.contentKnown
          ? samePayment(other.payment, entry.payment)
          : sameTry(other.payment, entry.payment) && firstTry === entry,
      )
    const outcomes = [entry.outcome, ...told.map((other) => other.outcome)]
    const placeOf = (other: OracleEntry): number => Math.max(seen.indexOf(other), seen.indexOf(entry))
    const allowed = outcomes.includes('ALLOW') || outcomes.includes('STEP_UP_PASSED')
    return {
      payment: entry.payment,
      allowed: allowed && !outcomes.includes('BLOCK') && !outcomes.includes('DECLINED'),
      told: [entry, ...told].map((other) => ({ outcome: other.outcome, place: placeOf(other) })),
    }
  })
}
