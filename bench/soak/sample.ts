/** How much there is at the end of a day. */
export type Sample = {
  readonly day: number
  /** Payments so far. */
  readonly payments: number
  readonly keys: number
  /** Lengths of all logs together. */
  readonly logBytes: number
  /** What Redis says that its data takes. */
  readonly redisBytes: number
  /** Heap and buffers of this process after a collection; NaN where none can be asked for. */
  readonly processBytes: number
  /** Folds so far. */
  readonly folds: number
}

/** What has to level off. */
export const watched = ['keys', 'logBytes', 'redisBytes', 'processBytes'] as const
export type Watched = (typeof watched)[number]

export type Verdict = {
  readonly of: Watched
  /** Mean of the last third of the days over that of the middle third; NaN where it was not measured. */
  readonly ratio: number
  readonly isLevel: boolean
}

const meanOf = (samples: readonly Sample[], of: Watched): number =>
  samples.reduce((sum, sample) => sum + sample[of], 0) / samples.length

/** @param tolerance how much more the last third may have, as a share */
export const judge = (samples: readonly Sample[], days: number, tolerance: number): readonly Verdict[] => {
  const third = (from: number, to: number): readonly Sample[] =>
    samples.filter(({ day }) => day > (days * from) / 3 && day <= (days * to) / 3)
  return watched.map((of) => {
    const ratio = meanOf(third(2, 3), of) / meanOf(third(1, 2), of)
    return { of, ratio, isLevel: ratio <= 1 + tolerance }
  })
}

/** Not measured is no failure where it cannot be measured, and something has to be. */
export const allLevel = (verdicts: readonly Verdict[]): boolean =>
  verdicts.some(({ ratio }) => !Number.isNaN(ratio)) &&
  verdicts.every(({ ratio, isLevel }) => isLevel || Number.isNaN(ratio))
