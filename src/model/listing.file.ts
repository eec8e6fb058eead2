import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { SluiceError } from '../errors.ts'
import { readActive } from './activeWriter.file.ts'
import { readArtifact } from './artifact.file.ts'
import type { Manifest } from './manifest.ts'
import { checkFor, reservedFolders, type SignatureCheck, signedOnly, type Trust } from './trust.ts'

export type ModelListing = {
  /** `<name>/<version>` below the models folder. */
  readonly path: string
  readonly active: boolean
  readonly format: Manifest['format'] | null
  readonly metrics: Manifest['metrics'] | null
  /** The key of the ring that signed it; null: none did. */
  readonly signedBy: string | null
  /** Why the model could not be used; null for one whose hashes are right. */
  readonly problem: string | null
}

const subfolders = async (folder: string): Promise<readonly string[]> => {
  try {
    const entries = await readdir(folder, { withFileTypes: true })
    return entries
      .filter((entry) => !entry.isFile())
      .map((entry) => entry.name)
      .sort()
  } catch (cause) {
    throw new SluiceError('MODEL_INVALID', `${folder}: cannot be read`, { cause })
  }
}

const describe = async (
  folder: string,
  check: SignatureCheck,
): Promise<Omit<ModelListing, 'path' | 'active'>> => {
  try {
    const { manifest, signer } = await readArtifact(folder, undefined, check)
    return { format: manifest.format, metrics: manifest.metrics, signedBy: signer.keyId, problem: null }
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error
    return { format: null, metrics: null, signedBy: null, problem: error.message }
  }
}

/** All models below the folder, by name and version. A missing or broken active.json marks none. */
export const listModels = async (
  modelsFolder: string,
  trust: Trust = signedOnly,
): Promise<readonly ModelListing[]> => {
  const check = { ...checkFor(modelsFolder, trust), unsigned: 'allow' } as const
  const activePath = await readActive(modelsFolder).then(
    (active) => active.champion.path,
    () => null,
  )
  const models: ModelListing[] = []
  const names = (await subfolders(modelsFolder)).filter((name) => !reservedFolders.includes(name))
  for (const name of names)
    for (const version of await subfolders(path.join(modelsFolder, name))) {
      const inner = `${name}/${version}`
      models.push({
        path: inner,
        active: inner === activePath,
        ...(await describe(path.join(modelsFolder, inner), check)),
      })
    }
  return models
}
