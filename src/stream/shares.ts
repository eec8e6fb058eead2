import type { Assessed, ModelOpinion } from '../domain/decision.ts'
import type { Source } from '../domain/received.ts'
import type { Outbound, SecondOpinions } from './flow.ts'

/** What a micro-batch sends for the records of one partition, and which records these are. */
export type Share = {
  readonly partition: number
  readonly first: number
  readonly last: number
  readonly outbound: Outbound
}

/** By partition of the payments. Every record of the micro-batch is in one share: settled or refused. */
export const sharesOf = ({ settled, answers, refused, secondOpinions }: Outbound): readonly Share[] => {
  const sources: readonly Source[] = [
    ...settled.map(({ assessed }) => assessed.source),
    ...refused.map(({ source }) => source),
  ]
  return [...new Set(sources.map(({ partition }) => partition))].map((partition) => {
    const offsets = sources.filter((source) => source.partition === partition).map(({ offset }) => offset)
    return {
      partition,
      first: Math.min(...offsets),
      last: Math.max(...offsets),
      outbound: {
        settled: settled.filter(({ assessed }) => assessed.source.partition === partition),
        answers: answers.filter(({ source }) => source.partition === partition),
        refused: refused.filter(({ source }) => source.partition === partition),
        secondOpinions,
      },
    }
  })
}

/** @throws RangeError where one would answer a payment again, or one before those of the share before it */
export const refuseAgain = (shares: readonly Share[]): void => {
  let next = 0
  for (const { first, last } of shares) {
    if (first < next) throw new RangeError(`payments from ${first} on come again, ${next} is the next one`)
    next = last + 1
  }
}

/** Shares of one partition, in their order, as one. */
export const joinedShare = (shares: readonly Share[]): Share => {
  const [first, last] = [shares[0], shares.at(-1)]
  if (first === undefined || last === undefined) throw new RangeError('there is nothing to join')
  if (shares.length === 1) return first
  const outbounds = shares.map(({ outbound }) => outbound)
  return {
    partition: first.partition,
    first: first.first,
    last: last.last,
    outbound: {
      settled: outbounds.flatMap(({ settled }) => settled),
      answers: outbounds.flatMap(({ answers }) => answers),
      refused: outbounds.flatMap(({ refused }) => refused),
      secondOpinions: joinedOpinions(outbounds),
    },
  }
}

/** Each payment's models are those of its micro-batch: the bundle may have changed in between. */
const joinedOpinions = (outbounds: readonly Outbound[]): SecondOpinions | null => {
  const askers = new Map<SecondOpinions, Set<Assessed>>()
  for (const { settled, secondOpinions } of outbounds) {
    if (secondOpinions === null) continue
    const members = askers.get(secondOpinions) ?? new Set()
    for (const { assessed } of settled) members.add(assessed)
    askers.set(secondOpinions, members)
  }
  if (askers.size === 0) return null
  return async (assessed) => {
    const found = new Map<Assessed, readonly ModelOpinion[]>()
    const ask = async ([opinionsOn, members]: readonly [SecondOpinions, Set<Assessed>]): Promise<void> => {
      const asked = assessed.filter((each) => members.has(each))
      if (asked.length === 0) return
      const opinions = await opinionsOn(asked)
      asked.forEach((each, i) => found.set(each, opinions[i] ?? []))
    }
    await Promise.all([...askers].map(ask))
    return assessed.map((each) => found.get(each) ?? [])
  }
}
