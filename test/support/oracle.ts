import type { EntityType } from '../../src/domain/entity.ts'

/**
 * What velocity features are, said as plainly as possible: filter an array of objects. It shares no code with
 * `src/features` and is not meant to be fast.
 */
export type OraclePayment = {
  readonly paymentId: string
  readonly attempt: number
  readonly contentHash: string
  readonly effectiveAt: number
  /** NaN: no rate. */
  readonly amount: number
  readonly entities: Readonly<Record<EntityType, string | null>>
  readonly place: { readonly latitude: number; readonly longitude: number } | null
}

export type OracleEntry =
  | { readonly kind: 'payment'; readonly payment: OraclePayment; readonly outcome: string }
  | {
      readonly kind: 'outcome'
      readonly payment: OraclePayment
      /** false: the outcome names the payment's id and attempt only. */
      readonly contentKnown: boolean
      readonly outcome: string
    }

export type OracleSettings = {
  readonly retentionMs: number
  readonly coveredSince: Readonly<Record<EntityType, number>>
  readonly unreadable: readonly EntityType[]
}

export type OracleAnswer = { readonly value: number; readonly degraded: string | null }

const samePayment = (a: OraclePayment, b: OraclePayment): boolean =>
  a.paymentId === b.paymentId && a.attempt === b.attempt && a.contentHash === b.contentHash

const sameTry = (a: OraclePayment, b: OraclePayment): boolean =>
  a.paymentId === b.paymentId && a.attempt === b.attempt

const known = (value: number): OracleAnswer => ({ value, degraded: null })
const lacking = (input: string): OracleAnswer => ({ value: NaN, degraded: input })

/** All that the payment sees of one entity: what stands in that entity's log before its own first record. */
const seenBy = (
  self: OraclePayment,
  entity: EntityType,
  log: readonly OracleEntry[],
): readonly OracleEntry[] => {
  const ofEntity = log.filter((entry) => entry.payment.entities[entity] === self.entities[entity])
  const own = ofEntity.findIndex((entry) => entry.kind === 'payment' && samePayment(entry.payment, self))
  return own < 0 ? ofEntity : ofEntity.slice(0, own)
}

type Earlier = { readonly payment: OraclePayment; readonly allowed: boolean }

const withoutRepeats = (seen: readonly OracleEntry[]): readonly Earlier[] => {
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
      .map((other) => other.outcome)
    const outcomes = [entry.outcome, ...told]
    const allowed = outcomes.includes('ALLOW') || outcomes.includes('STEP_UP_PASSED')
    return {
      payment: entry.payment,
      allowed: allowed && !outcomes.includes('BLOCK') && !outcomes.includes('DECLINED'),
    }
  })
}

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 }
const lengthMs = (window: string): number =>
  Number(window.slice(0, -1)) * (unitSeconds[window.slice(-1)] ?? NaN) * 1000

const total = (amounts: readonly number[]): number => amounts.reduce((sum, amount) => sum + amount, 0)
const average = (amounts: readonly number[]): number =>
  amounts.length === 0 ? NaN : total(amounts) / amounts.length
const deviation = (amounts: readonly number[]): number =>
  Math.sqrt(average(amounts.map((amount) => (amount - average(amounts)) ** 2)))
const finiteOrUnknown = (value: number): number => (Number.isFinite(value) ? value : NaN)

const ofAmounts = (
  measure: string,
  self: OraclePayment,
  all: readonly number[],
  allowed: readonly number[],
): number => {
  const withSelf = [...all, self.amount]
  if (measure === 'sum') return total(withSelf)
  if (measure === 'mean') return average(withSelf)
  if (measure === 'min') return Math.min(...withSelf)
  if (measure === 'max') return Math.max(...withSelf)
  if (measure === 'stddev') return deviation(withSelf)
  if (measure === 'same_amount_count')
    return all.length === 0 ? NaN : all.filter((amount) => amount === self.amount).length
  if (measure === 'ratio_to_mean') return finiteOrUnknown(self.amount / average(allowed))
  if (measure === 'ratio_to_max')
    return allowed.length === 0 ? NaN : finiteOrUnknown(self.amount / Math.max(...allowed))
  if (measure === 'zscore_amount')
    return new Set(allowed).size < 2 ? NaN : (self.amount - average(allowed)) / deviation(allowed)
  throw new Error(`the oracle does not know ${measure}`)
}

const amountsOfAllowed = ['zscore_amount', 'ratio_to_mean', 'ratio_to_max']

const velocity = (
  name: string,
  self: OraclePayment,
  log: readonly OracleEntry[],
  settings: OracleSettings,
): OracleAnswer => {
  const [subject = '', measure = '', window] = name.split('.')
  const [entity, partner] = subject.split('_') as [EntityType, EntityType | undefined]
  const input = `history.${entity}`
  if (self.entities[entity] === null) return known(NaN)
  if (settings.unreadable.includes(entity)) return lacking(input)
  if (partner !== undefined && self.entities[partner] === null) return known(NaN)

  const t = self.effectiveAt
  const start = t - (window === undefined ? settings.retentionMs : lengthMs(window))
  const inWindow = withoutRepeats(seenBy(self, entity, log))
    .filter(({ payment }) => partner === undefined || payment.entities[partner] === self.entities[partner])
    .filter(({ payment }) => payment.effectiveAt > start && payment.effectiveAt <= t)
  const times = inWindow.map(({ payment }) => payment.effectiveAt)
  const covered = settings.coveredSince[entity] <= start

  if (measure === 'is_new') {
    if (times.length > 0) return known(0)
    return covered ? known(1) : lacking(input)
  }
  if (measure === 'since_last') {
    if (covered || (times.length > 0 && Math.max(...times) >= settings.coveredSince[entity]))
      return known(times.length === 0 ? NaN : (t - Math.max(...times)) / 1000)
    return lacking(input)
  }
  if (!covered) return lacking(input)
  if (measure === 'since_first') return known(times.length === 0 ? NaN : (t - Math.min(...times)) / 1000)
  if (measure === 'count') return known(times.length + 1)
  const allowed = inWindow.filter((earlier) => earlier.allowed)
  if (measure === 'accepted_count') return known(allowed.length)
  if (measure.startsWith('distinct_')) {
    const target = measure.slice('distinct_'.length) as EntityType
    const tokens = [self, ...inWindow.map(({ payment }) => payment)].map(
      (payment) => payment.entities[target],
    )
    return known(new Set(tokens.filter((token) => token !== null)).size)
  }
  const all = inWindow.map(({ payment }) => payment.amount)
  const allowedAmounts = allowed.map(({ payment }) => payment.amount)
  const needed = [self.amount, ...(amountsOfAllowed.includes(measure) ? allowedAmounts : all)]
  return needed.some((amount) => Number.isNaN(amount))
    ? lacking('rates')
    : known(ofAmounts(measure, self, all, allowedAmounts))
}

type Place = NonNullable<OraclePayment['place']>

const onSphere = ({ latitude, longitude }: Place): readonly [number, number, number] => {
  const [north, east] = [(latitude * Math.PI) / 180, (longitude * Math.PI) / 180]
  return [Math.cos(north) * Math.cos(east), Math.cos(north) * Math.sin(east), Math.sin(north)]
}

/** Great circle by the chord between two points of a sphere. */
const kilometres = (a: Place, b: Place): number => {
  const [from, to] = [onSphere(a), onSphere(b)]
  return (
    2 * 6371.0088 * Math.asin(Math.min(1, Math.hypot(from[0] - to[0], from[1] - to[1], from[2] - to[2]) / 2))
  )
}

const travel = (
  name: string,
  self: OraclePayment,
  log: readonly OracleEntry[],
  settings: OracleSettings,
): OracleAnswer => {
  if (self.place === null) return known(NaN)
  if (settings.unreadable.includes('account')) return lacking('history.account')
  const start = self.effectiveAt - settings.retentionMs
  const before = withoutRepeats(seenBy(self, 'account', log))
    .map(({ payment }) => payment)
    .filter(
      ({ place, effectiveAt }) => place !== null && effectiveAt > start && effectiveAt <= self.effectiveAt,
    )
    .toSorted((a, b) => a.effectiveAt - b.effectiveAt)
    .at(-1)
  if ((before?.effectiveAt ?? start) < settings.coveredSince.account) return lacking('history.account')
  if (before === undefined || before.place === null) return known(NaN)
  const distance = kilometres(before.place, self.place)
  const hours = Math.max(self.effectiveAt - before.effectiveAt, 60_000) / 3_600_000
  return known(name === 'payment.speed_kmh' ? distance / hours : distance)
}

/** One feature of `self`, whose own records may be in the log, seen as of its first. */
export const oracle = (
  name: string,
  self: OraclePayment,
  log: readonly OracleEntry[],
  settings: OracleSettings,
): OracleAnswer =>
  name.startsWith('payment.') ? travel(name, self, log, settings) : velocity(name, self, log, settings)
