import path from 'node:path'
import { SluiceError } from '../errors.ts'
import { type Active, type ActiveChallenger, bundleHashOf } from './active.ts'
import { promoteActive, readActive } from './activeWriter.file.ts'
import { readArtifact } from './artifact.file.ts'
import type { BackendName } from './pin.ts'
import { type Measured, measureAll } from './promote.file.ts'
import { checkFor, type Trust } from './trust.ts'

export type Challenge = Measured & { readonly active: Active; readonly bundleHash: string }

export type ChallengeOrder = {
  readonly modelsFolder: string
  /** `<name>/<version>` */
  readonly modelPath: string
  /** The share of accounts for which it decides; null: none, it only scores in shadow. */
  readonly canaryShare: number | null
  /** Engines to choose from; a canary always takes the champion's. */
  readonly names: readonly BackendName[]
  readonly trust: Trust
  /** Monotonic milliseconds. */
  readonly now: () => number
}

const put = async (
  modelsFolder: string,
  before: Active,
  challengers: readonly ActiveChallenger[],
): Promise<Pick<Challenge, 'active' | 'bundleHash'>> => {
  const active: Active = { ...before, challengers }
  await promoteActive(modelsFolder, active)
  return { active, bundleHash: bundleHashOf(active) }
}

/**
 * Lets a model score beside the champion, from the next look at the folder on; once more with another share changes
 * the share. Champion and policy stay.
 * @throws SluiceError; active.json is then as it was
 */
export const challenge = async (order: ChallengeOrder): Promise<Challenge> => {
  const { modelsFolder, modelPath, canaryShare } = order
  const before = await readActive(modelsFolder)
  const artifact = await readArtifact(
    path.join(modelsFolder, modelPath),
    undefined,
    checkFor(modelsFolder, order.trust),
  )
  const names = canaryShare === null ? order.names : [before.champion.pin.backend]
  const measured = await measureAll(artifact, modelPath, names, order.now)
  const entry = {
    path: modelPath,
    manifestSha256: artifact.manifestSha256,
    pin: measured.fastest.pin,
    ...(canaryShare === null ? {} : { canaryShare }),
  }
  const others = before.challengers.filter(({ path: other }) => other !== modelPath)
  return { ...measured, ...(await put(modelsFolder, before, [...others, entry])) }
}

/** @throws SluiceError MODEL_INVALID if it is no challenger */
export const unchallenge = async (
  modelsFolder: string,
  modelPath: string,
): Promise<Pick<Challenge, 'active' | 'bundleHash'>> => {
  const before = await readActive(modelsFolder)
  const left = before.challengers.filter((each) => each.path !== modelPath)
  if (left.length === before.challengers.length)
    throw new SluiceError(
      'MODEL_INVALID',
      `${modelPath}: expected one of the challengers: ${before.challengers.map((each) => each.path).join(', ') || 'there is none'}`,
    )
  return put(modelsFolder, before, left)
}
