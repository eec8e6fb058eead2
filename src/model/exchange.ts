import type { Explanation } from './explain.ts'

/** What the thread of a model is asked for. */
export const asked = { score: 0, explain: 1, tensors: 2 } as const
export type Asked = (typeof asked)[keyof typeof asked]

/** Whose turn it is: the first number of the control block. */
export const turn = { idle: 0, question: 1, answer: 2, failure: 3 } as const
/** Places in the control block. */
export const at = { turn: 0, asked: 1, rows: 2 } as const

/** Most rows in one question; more are asked for in several. */
export const mostRows = 256

/** Memory that two threads share: one writes the rows and waits, the other writes the results over to it. */
export type Exchange = {
  readonly control: Int32Array<SharedArrayBuffer>
  /** `mostRows` rows of `width` raw features. */
  readonly rows: Float64Array<SharedArrayBuffer>
  /** `mostRows` results of as many numbers as the question has. */
  readonly results: Float64Array<SharedArrayBuffer>
}

/** An explanation is its log-odds, then the contributions of the groups. */
export const writeExplanation = (
  into: Float64Array,
  row: number,
  { logOdds, contributions }: Explanation,
): void => {
  const from = row * (contributions.length + 1)
  into[from] = logOdds
  into.set(contributions, from + 1)
}

export const readExplanation = (results: Float64Array, row: number, groups: number): Explanation => {
  const from = row * (groups + 1)
  return {
    logOdds: results[from] ?? NaN,
    contributions: Float64Array.from(results.subarray(from + 1, from + 1 + groups)),
  }
}

/** @param widest most numbers that a row is answered with */
export const createExchange = (width: number, widest: number): Exchange => ({
  control: new Int32Array(new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT)),
  rows: new Float64Array(new SharedArrayBuffer(mostRows * width * Float64Array.BYTES_PER_ELEMENT)),
  results: new Float64Array(new SharedArrayBuffer(mostRows * widest * Float64Array.BYTES_PER_ELEMENT)),
})
