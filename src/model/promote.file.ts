import path from 'node:path'
import { SluiceError } from '../errors.ts'
import { type Active, bundleHashOf, challengersBeside } from './active.ts'
import { promoteActive, readActive, sealPolicy } from './activeWriter.file.ts'
import { requireApproved } from './approvals.file.ts'
import { type Artifact, readArtifact } from './artifact.file.ts'
import { type Measurement, measureBackend } from './measure.ts'
import { type BackendName, backendNames } from './pin.ts'
import { messageOf } from './refusal.ts'
import { approvalCheckFor, checkFor, signedOnly, type Trust } from './trust.ts'

/** What a promotion did, and why that engine. */
export type Promotion = {
  readonly active: Active
  readonly bundleHash: string
  readonly measurements: readonly Measurement[]
  /** Engines that cannot run here or do not give the golden vectors. */
  readonly refused: readonly { readonly backend: BackendName; readonly reason: string }[]
}

/** Where people edit it; a rollback may have another file in use. */
const policyFile = 'policy.yaml'

const sealApproved = async (modelsFolder: string, trust: Trust): Promise<Active['policy']> => {
  const sealed = await sealPolicy(modelsFolder, policyFile)
  const check = approvalCheckFor(modelsFolder, trust)
  await requireApproved(modelsFolder, path.join(modelsFolder, sealed.path), sealed.sha256, check)
  return sealed
}

const costOf = ({ micros }: Measurement): number => micros[1] + micros[8] + micros[64]

/** How fast each engine is that reproduces the model, and which are not to be had. */
export type Measured = Pick<Promotion, 'measurements' | 'refused'> & { readonly fastest: Measurement }

/** @throws SluiceError BACKEND_UNAVAILABLE if no engine gives the golden vectors */
export const measureAll = async (
  artifact: Artifact,
  modelPath: string,
  names: readonly BackendName[],
  now: () => number,
): Promise<Measured> => {
  const measurements: Measurement[] = []
  const refused: { backend: BackendName; reason: string }[] = []
  for (const backend of names) {
    try {
      measurements.push(await measureBackend(artifact, backend, now))
    } catch (error) {
      refused.push({ backend, reason: messageOf(error) })
    }
  }
  const [fastest] = measurements.toSorted((a, b) => costOf(a) - costOf(b))
  if (fastest === undefined)
    throw new SluiceError(
      'BACKEND_UNAVAILABLE',
      `${modelPath}: no engine can run it: ${refused.map(({ backend, reason }) => `${backend} (${reason})`).join('; ')}`,
    )
  return { fastest, measurements, refused }
}

/**
 * Makes a model the active one, with the policy as it is now.
 * @param names engines to choose from; the one that is fastest over batches of 1, 8 and 64 rows is pinned
 * @param now monotonic milliseconds
 * @throws SluiceError; active.json is then as it was
 */
export const promote = async (
  modelsFolder: string,
  modelPath: string,
  now: () => number,
  names: readonly BackendName[] = backendNames,
  trust: Trust = signedOnly,
): Promise<Promotion> => {
  const check = checkFor(modelsFolder, trust)
  const artifact = await readArtifact(path.join(modelsFolder, modelPath), undefined, check)
  const { id, version } = artifact.manifest
  if (`${id}/${version}` !== modelPath)
    throw new SluiceError('MODEL_INVALID', `${modelPath}: its manifest says it is ${id}/${version}`)

  const { fastest, measurements, refused } = await measureAll(artifact, modelPath, names, now)
  const champion = { path: modelPath, manifestSha256: artifact.manifestSha256, pin: fastest.pin }
  // A broken active.json has no challengers: it is replaced.
  const before = await readActive(modelsFolder).catch(() => null)
  const active: Active = {
    activeVersion: 1,
    champion,
    challengers: challengersBeside(champion, before?.challengers ?? []),
    policy: await sealApproved(modelsFolder, trust),
  }
  await promoteActive(modelsFolder, active)
  return { active, bundleHash: bundleHashOf(active), measurements, refused }
}

/** Takes the policy as it is now into the bundle; the model stays. @throws SluiceError POLICY_UNAPPROVED */
export const promotePolicy = async (modelsFolder: string, trust: Trust = signedOnly): Promise<Promotion> => {
  const before = await readActive(modelsFolder)
  const active: Active = { ...before, policy: await sealApproved(modelsFolder, trust) }
  await promoteActive(modelsFolder, active)
  return { active, bundleHash: bundleHashOf(active), measurements: [], refused: [] }
}
