import type { Assessed, ModelOpinion, Scored } from '../domain/decision.ts'
import type { Outcome } from '../domain/outcome.ts'
import type { ShadowResult } from '../domain/shadow.ts'
import type { ShadowScorer } from '../model/shadowScorer.ts'
import type { SecondOpinions } from '../stream/flow.ts'
import { withProbability } from './deciders.ts'

export type ShadowObserver = {
  readonly countPayments: (result: ShadowResult, payments: number) => void
  /** What was decided beside what the model would have. */
  readonly countOpinion: (model: string, decided: Outcome, opinion: Outcome) => void
  readonly observeCall: (seconds: number) => void
  readonly onFailure: (model: string, error: unknown) => void
}

export type SecondOpinionsDeps = {
  readonly models: readonly ShadowScorer[]
  /** The policy that decides, asked again with another probability. */
  readonly assess: (scored: Scored) => Assessed
  /** No answer is waited for longer. */
  readonly budgetMs: number
  readonly observer: ShadowObserver
  /** Milliseconds that never step back, as `enteredAt` counts them. */
  readonly monotonic: () => number
}

type Opinions = ReadonlyMap<Assessed, ModelOpinion>
const none: Opinions = new Map()

/**
 * What the models that did not decide would have said of each payment. To be called when the answers are on their
 * way; never changes one. Whatever fails, there is an opinion less.
 */
export const createSecondOpinions = (deps: SecondOpinionsDeps): SecondOpinions => {
  const askers = deps.models.map((model) => createAsker(model, deps))
  return async (assessed) => {
    const opinions = await Promise.all(askers.map((ask) => ask(assessed)))
    return assessed.map((each) => opinions.flatMap((of) => of.get(each) ?? []))
  }
}

/**
 * One model; one call of it at a time. Micro-batches of several partitions wait for each other, but not for a model
 * that hangs: it is left out until it answers, and what was given up by then is not scored.
 */
const createAsker = (
  scorer: ShadowScorer,
  { assess, budgetMs, observer, monotonic }: SecondOpinionsDeps,
): ((assessed: readonly Assessed[]) => Promise<Opinions>) => {
  const { model } = scorer
  let last: Promise<unknown> = Promise.resolve()
  let busySince: number | null = null
  const hangs = (): boolean => busySince !== null && monotonic() - busySince > budgetMs

  const call = async (payments: readonly Assessed[], isGivenUp: () => boolean): Promise<Float64Array> => {
    if (isGivenUp()) return new Float64Array(0)
    busySince = monotonic()
    try {
      return await scorer.score(payments.map(({ features }) => features))
    } finally {
      busySince = null
    }
  }

  const inTurn = (payments: readonly Assessed[], isGivenUp: () => boolean): Promise<Float64Array> => {
    const mine = last.then(() => call(payments, isGivenUp))
    last = mine.catch(() => undefined)
    return mine
  }

  const opinionOf = (payment: Assessed, probability: number, scoreMicros: number): ModelOpinion => {
    const { outcome } = assess(withProbability(payment, probability, model))
    observer.countOpinion(model, payment.outcome, outcome)
    return { model, probability: Number.isNaN(probability) ? null : probability, outcome, scoreMicros }
  }

  return async (assessed) => {
    const others = assessed.filter((each) => each.model !== model)
    const payments = others.filter(isToBeAsked)
    observer.countPayments('shed', others.length - payments.length)
    if (payments.length === 0) return none
    if (hangs()) {
      observer.countPayments('shed', payments.length)
      return none
    }
    const startedAt = monotonic()
    let givenUp = false
    try {
      const probabilities = await within(
        inTurn(payments, () => givenUp),
        budgetMs,
      )
      if (probabilities === null) {
        givenUp = true
        observer.countPayments('slow', payments.length)
        return none
      }
      const millis = monotonic() - startedAt
      observer.observeCall(millis / 1000)
      const unknown = probabilities.filter(Number.isNaN).length
      observer.countPayments('scored', payments.length - unknown)
      observer.countPayments('failed', unknown)
      return new Map(
        payments.map((payment, i) => [payment, opinionOf(payment, probabilities[i] ?? NaN, millis * 1000)]),
      )
    } catch (error) {
      observer.countPayments('failed', payments.length)
      observer.onFailure(model, error)
      return none
    }
  }
}

/** What the decision says was left out is left out; and where an operator has the model off, no other is asked. */
const isToBeAsked = ({ shed, model }: Assessed): boolean => model !== null && !shed.includes('challengers')

/** null where it takes longer; what it comes to then is nobody's concern any more. */
const within = async <T>(promise: Promise<T>, ms: number): Promise<T | null> => {
  let timer: NodeJS.Timeout | undefined
  const passed = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), ms)
  })
  try {
    return await Promise.race([promise, passed])
  } finally {
    clearTimeout(timer)
  }
}
