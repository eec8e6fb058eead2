import type { Source } from '../domain/received.ts'
import type { Outbound } from './flow.ts'

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
