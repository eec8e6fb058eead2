import type { EntityType } from '../../src/domain/entity.ts'
import { confirmed } from './oracleConfirmed.ts'
import type { OracleEntry, OraclePayment } from './oracleEntries.ts'
import { knownFrauds, noteTimes } from './oracleNotes.ts'
import { seenBy, withoutRepeats } from './oracleSeen.ts'
import { usualForPayer } from './oracleUsual.ts'

export type OracleSettings = {
  readonly retentionMs: number
  readonly coveredSince: Readonly<Record<EntityType, number>>
  readonly unreadable: readonly EntityType[]
}

export type OracleAnswer = { readonly value: number; readonly degraded: string | null }

const known = (value: number): OracleAnswer => ({ value, degraded: null })
const lacking = (input: string): OracleAnswer => ({ value: NaN, degraded: input })

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 }
const lengthMs = (window: string): number =>
  Number(window.slice(0, -1)) * (unitSeconds[window.slice(-1)] ?? NaN) * 1000

const total = (amounts: readonly number[]): number => amounts.reduce((sum, amount) => sum + amount, 0)
const average = (amounts: readonly number[]): number =>
  amounts.length === 0 ? NaN : total(amounts) / amounts.length
const deviation = (amounts: readonly number[]): number =>
  Math.sqrt(average(amounts.map((amount) => (amount - average(amounts)) ** 2)))
const middle = (amounts: readonly number[]): number => {
  const sorted = amounts.toSorted((a, b) => a - b)
  const half = sorted.length / 2
  return average(sorted.slice(Math.ceil(half) - 1, Math.floor(half) + 1))
}
const finiteOrUnknown = (value: number): number => (Number.isFinite(value) ? value : NaN)

/** @param withSelf all, and the payment's own where that is in the window */
const ofAmounts = (
  measure: string,
  self: OraclePayment,
  all: readonly number[],
  withSelf: readonly number[],
  allowed: readonly number[],
): number => {
  if (measure === 'sum') return total(withSelf)
  if (measure === 'mean') return average(withSelf)
  if (measure === 'min') return finiteOrUnknown(Math.min(...withSelf))
  if (measure === 'max') return finiteOrUnknown(Math.max(...withSelf))
  if (measure === 'stddev') return deviation(withSelf)
  if (measure === 'same_amount_count')
    return all.length === 0 ? NaN : all.filter((amount) => amount === self.amount).length
  if (measure === 'ratio_to_mean') return finiteOrUnknown(self.amount / average(allowed))
  if (measure === 'ratio_to_median') return finiteOrUnknown(self.amount / middle(allowed))
  if (measure === 'ratio_to_max')
    return allowed.length === 0 ? NaN : finiteOrUnknown(self.amount / Math.max(...allowed))
  if (measure === 'zscore_amount')
    return new Set(allowed).size < 2 ? NaN : (self.amount - average(allowed)) / deviation(allowed)
  throw new Error(`the oracle does not know ${measure}`)
}

const comparedWithSelf = [
  'same_amount_count',
  'zscore_amount',
  'ratio_to_mean',
  'ratio_to_max',
  'ratio_to_median',
]
const amountsOfAllowed = ['zscore_amount', 'ratio_to_mean', 'ratio_to_max', 'ratio_to_median']

const velocity = (
  name: string,
  self: OraclePayment,
  log: readonly OracleEntry[],
  settings: OracleSettings,
): OracleAnswer => {
  const [subject = '', measure = '', span] = name.split('.')
  const [window, delay] = span === undefined ? [] : span.split('@')
  const [entity, partner] = subject.split('_') as [EntityType, EntityType | undefined]
  const input = `history.${entity}`
  if (self.entities[entity] === null) return known(NaN)
  if (settings.unreadable.includes(entity)) return lacking(input)
  if (partner !== undefined && self.entities[partner] === null) return known(NaN)

  const t = self.effectiveAt
  const end = delay === undefined ? t : t - lengthMs(delay)
  const windows = measure === 'peak' ? 4 : 1
  const start = end - (window === undefined ? settings.retentionMs : lengthMs(window) * windows)
  const seen = seenBy(self, entity, log)
  const inWindow = withoutRepeats(seen)
    .filter(({ payment }) => partner === undefined || payment.entities[partner] === self.entities[partner])
    .filter(({ payment }) => payment.effectiveAt > start && payment.effectiveAt <= end)
  const own = delay === undefined ? [self] : []
  const times = inWindow.map(({ payment }) => payment.effectiveAt)
  const covered = settings.coveredSince[entity] <= start

  if (measure === 'is_new') {
    if (times.length > 0) return known(0)
    return covered ? known(1) : lacking(input)
  }
  const sinceLatest = (found: readonly number[]): OracleAnswer =>
    covered || (found.length > 0 && Math.max(...found) >= settings.coveredSince[entity])
      ? known(found.length === 0 ? NaN : (t - Math.max(...found)) / 1000)
      : lacking(input)
  if (measure === 'since_last') return sinceLatest(times)
  if (measure.startsWith('fraud_run') || measure === 'since_genuine') {
    const frauds = new Set(knownFrauds(t, seen).map(({ paymentId }) => paymentId))
    const genuine = inWindow.filter(({ payment }) => !frauds.has(payment.paymentId))
    const latest = Math.max(...genuine.map(({ payment }) => payment.effectiveAt))
    if (!covered && latest < settings.coveredSince[entity]) return lacking(input)
    if (measure === 'since_genuine') return known(finiteOrUnknown((t - latest) / 1000))
    const whole = inWindow.map(({ payment }) => payment).filter(({ effectiveAt }) => effectiveAt > latest)
    const isUsualRun = measure.startsWith('fraud_run_usual')
    if (isUsualRun && whole.length > 0 && !covered) return lacking(input)
    const since = withoutRepeats(seen)
      .map(({ payment }) => payment)
      .filter(({ effectiveAt }) => effectiveAt > start && effectiveAt <= t)
    const run = isUsualRun ? usualForPayer(whole, since) : whole
    if (run === null) return lacking('rates')
    if (measure === 'fraud_run' || measure === 'fraud_run_usual') return known(run.length)
    if (measure.endsWith('_since'))
      return known(finiteOrUnknown((t - Math.min(...run.map(({ effectiveAt }) => effectiveAt))) / 1000))
    const amounts = run.map(({ amount }) => amount)
    if (amounts.some(Number.isNaN)) return lacking('rates')
    return known(finiteOrUnknown(measure.endsWith('_min') ? Math.min(...amounts) : Math.max(...amounts)))
  }
  if (measure.endsWith('confirmed_reasons')) {
    const { set, passed } = confirmed(measure, self, inWindow, seen)
    if (!covered && set === 0) return lacking(input)
    return Number.isNaN(self.amount) && passed > 0 ? lacking('rates') : known(set)
  }
  const noted = noteTimes(measure, t, seen)?.filter((at) => at > start && at <= end)
  if (noted !== undefined && measure.startsWith('since_')) return sinceLatest(noted)
  if (!covered) return lacking(input)
  if (measure === 'fraud_rate') return known(times.length === 0 ? NaN : (noted?.length ?? NaN) / times.length)
  if (noted !== undefined) return known(noted.length)
  if (measure === 'night_share')
    return known(times.filter((at) => new Date(at).getUTCHours() <= 6).length / times.length)
  if (measure === 'since_first') return known(times.length === 0 ? NaN : (t - Math.min(...times)) / 1000)
  if (measure === 'count') return known(times.length + own.length)
  const allowed = inWindow.filter((earlier) => earlier.allowed)
  if (measure === 'peak') {
    const short = end - lengthMs(window ?? '')
    const recent = allowed.filter(({ payment }) => payment.effectiveAt > short)
    const amountsOf = (some: typeof allowed) => some.map(({ payment }) => payment.amount)
    if (Number.isNaN(self.amount) || amountsOf(allowed).some(Number.isNaN)) return lacking('rates')
    return known(
      recent.length === 0
        ? NaN
        : finiteOrUnknown(Math.max(...amountsOf(recent)) / middle(amountsOf(allowed))),
    )
  }
  if (measure === 'accepted_count') return known(allowed.length)
  if (measure.startsWith('distinct_')) {
    const target = measure.slice('distinct_'.length) as EntityType
    const tokens = [...own, ...inWindow.map(({ payment }) => payment)].map(
      (payment) => payment.entities[target],
    )
    return known(new Set(tokens.filter((token) => token !== null)).size)
  }
  const all = inWindow.map(({ payment }) => payment.amount)
  const allowedAmounts = allowed.map(({ payment }) => payment.amount)
  const withSelf = [...all, ...own.map(({ amount }) => amount)]
  const needed = [
    ...(comparedWithSelf.includes(measure) ? [self.amount] : []),
    ...(amountsOfAllowed.includes(measure) ? allowedAmounts : withSelf),
  ]
  return needed.some((amount) => Number.isNaN(amount))
    ? lacking('rates')
    : known(ofAmounts(measure, self, all, withSelf, allowedAmounts))
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

/**
 * One feature of `self`, whose own records may be in the log, seen as of its first.
 * What velocity features are, said as plainly as possible: filter an array of objects. It shares no code with
 * `src/features` and is not meant to be fast.
 */
export const oracle = (
  name: string,
  self: OraclePayment,
  log: readonly OracleEntry[],
  settings: OracleSettings,
): OracleAnswer =>
  name.startsWith('payment.') ? travel(name, self, log, settings) : velocity(name, self, log, settings)
