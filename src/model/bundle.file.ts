import path from 'node:path'
import { SluiceError } from '../errors.ts'
import { type Active, type ActiveChallenger, type ActiveModel, bundleHashOf, parseActive } from './active.ts'
import { requireApproved } from './approvals.file.ts'
import { type Artifact, readArtifact } from './artifact.file.ts'
import { sha256 } from './canonical.ts'
import type { Pin } from './pin.ts'
import { readRegularText } from './readInside.file.ts'
import { approvalCheckFor, checkFor, type SignatureCheck, signedOnly, type Trust } from './trust.ts'

/** A verified artifact and the pin under which it may score. */
export type Model = Artifact & { readonly pin: Pin }

/** A model that scores in shadow, and decides for a share of the accounts if it has one. */
export type Challenger = Model & Pick<ActiveChallenger, 'canaryShare'>

/** Everything that decides payments, as one unit with one hash. */
export type Bundle = {
  readonly bundleHash: string
  /** What `bundleHash` is of. */
  readonly active: Active
  readonly champion: Model
  readonly challengers: readonly Challenger[]
  readonly policyText: string
}

const readText = async (file: string): Promise<string> => {
  try {
    return await readRegularText(file)
  } catch (cause) {
    if (cause instanceof SluiceError) throw cause
    throw new SluiceError('MODEL_INVALID', `${file}: cannot be read`, { cause })
  }
}

/** One model of a bundle. @throws SluiceError MODEL_INVALID, MODEL_UNVERIFIED, MODEL_UNSIGNED or MODEL_UNSAFE */
export const readModel = async (
  modelsFolder: string,
  active: ActiveModel,
  check: SignatureCheck,
): Promise<Model> => {
  const artifact = await readArtifact(path.join(modelsFolder, active.path), active.manifestSha256, check)
  const { id, version } = artifact.manifest
  if (`${id}/${version}` !== active.path)
    throw new SluiceError('MODEL_UNVERIFIED', `${active.path}: its manifest says it is ${id}/${version}`)
  return { ...artifact, pin: active.pin }
}

/**
 * Reads `<modelsFolder>/active.json` and all that it names. Nothing is returned unless every hash and the
 * model's signature are right, and enough people have approved the policy.
 * @throws SluiceError MODEL_INVALID, MODEL_UNVERIFIED, MODEL_UNSIGNED, MODEL_UNSAFE or POLICY_UNAPPROVED
 */
export const loadBundle = async (modelsFolder: string, trust: Trust = signedOnly): Promise<Bundle> => {
  const activeFile = path.join(modelsFolder, 'active.json')
  return loadBundleOf(modelsFolder, parseActive(await readText(activeFile), activeFile), trust)
}

/** The same of a bundle that is not, or not yet, the active one. */
export const loadBundleOf = async (modelsFolder: string, active: Active, trust: Trust): Promise<Bundle> => {
  const policyFile = path.join(modelsFolder, active.policy.path)
  const policyText = await readText(policyFile)
  const found = sha256(policyText)
  if (found !== active.policy.sha256)
    throw new SluiceError(
      'MODEL_UNVERIFIED',
      `${policyFile}: expected SHA-256 ${active.policy.sha256}, found ${found}; ` +
        '`sluice model promote` takes the policy as it is now',
    )
  await requireApproved(modelsFolder, policyFile, found, approvalCheckFor(modelsFolder, trust))
  return assembleBundle(modelsFolder, active, policyText, trust)
}

/**
 * A bundle under a policy whose text is known from elsewhere: the policy's file may be another by now.
 * @throws SluiceError MODEL_INVALID, MODEL_UNVERIFIED, MODEL_UNSIGNED or MODEL_UNSAFE
 */
export const assembleBundle = async (
  modelsFolder: string,
  active: Active,
  policyText: string,
  trust: Trust,
): Promise<Bundle> => {
  const check = checkFor(modelsFolder, trust)
  const champion = await readModel(modelsFolder, active.champion, check)
  const challengers: Challenger[] = []
  for (const challenger of active.challengers)
    challengers.push({
      ...(await readModel(modelsFolder, challenger, check)),
      ...(challenger.canaryShare === undefined ? {} : { canaryShare: challenger.canaryShare }),
    })
  return { bundleHash: bundleHashOf(active), active, champion, challengers, policyText }
}
