import type { Audit } from '../../domain/audit.ts'
import type { Obstacle, Redecided, Stage } from './redecide.ts'

/** A decision that would be another one now. */
export type Difference = {
  readonly paymentId: string
  readonly attempt: number
  readonly bundleHash: string
  /** Its features were read again at a later delivery, and may be others than those that it was made from. */
  readonly redelivered: boolean
  readonly stage: Stage
  readonly recorded: unknown
  readonly again: unknown
}

export type Agreement = {
  readonly decisions: number
  readonly same: number
  readonly differs: Readonly<Partial<Record<Stage, number>>>
  readonly undecided: Readonly<Partial<Record<Obstacle, number>>>
  /** Of those compared: the model's files are gone, so that its probability was taken as recorded. */
  readonly notScored: number
  /** The first ones. */
  readonly examples: readonly Difference[]
}

const examplesAtMost = 20

/** Counts what deciding again has come to. */
export const createAgreement = () => {
  let [decisions, same, notScored] = [0, 0, 0]
  const differs: Partial<Record<Stage, number>> = {}
  const undecided: Partial<Record<Obstacle, number>> = {}
  const examples: Difference[] = []
  return {
    add: ({ decision, redelivered }: Audit, result: Redecided): void => {
      decisions++
      if (result.kind === 'undecided') {
        undecided[result.why] = (undecided[result.why] ?? 0) + 1
        return
      }
      if (!result.isScored) notScored++
      if (result.kind === 'same') {
        same++
        return
      }
      const { stage, recorded, again } = result
      differs[stage] = (differs[stage] ?? 0) + 1
      const { paymentId, attempt, bundleHash } = decision
      if (examples.length < examplesAtMost)
        examples.push({ paymentId, attempt, bundleHash, redelivered, stage, recorded, again })
    },
    result: (): Agreement => ({ decisions, same, differs, undecided, notScored, examples }),
  }
}
