import { readFile, realpath } from 'node:fs/promises'
import path from 'node:path'
import { SluiceError } from '../errors.ts'
import { sha256 } from './canonical.ts'
import { type Manifest, parseManifest } from './manifest.ts'
import { type NetworkFiles, readNetwork } from './network.ts'

/** A model folder whose every byte was checked against its manifest. */
export type Artifact = {
  readonly manifest: Manifest
  readonly manifestSha256: string
  readonly network: NetworkFiles
}

/** Reads a file only if it lies inside the folder once all symbolic links are followed. */
const readInside = async (folder: string, inner: string): Promise<Buffer> => {
  const file = path.join(folder, inner)
  try {
    const [root, real] = await Promise.all([realpath(folder), realpath(file)])
    if (!real.startsWith(root + path.sep))
      throw new SluiceError('MODEL_UNVERIFIED', `${file}: leads out of its folder`)
    return await readFile(real)
  } catch (cause) {
    if (cause instanceof SluiceError) throw cause
    throw new SluiceError('MODEL_INVALID', `${file}: cannot be read`, { cause })
  }
}

const readVerified = async (folder: string, inner: string, expected: string): Promise<Buffer> => {
  const bytes = await readInside(folder, inner)
  const found = sha256(bytes)
  if (found === expected) return bytes
  throw new SluiceError(
    'MODEL_UNVERIFIED',
    `${path.join(folder, inner)}: expected SHA-256 ${expected}, found ${found}`,
  )
}

/**
 * Reads `<folder>/manifest.json` and the files it lists; each is hashed before anything of it is used.
 * @throws SluiceError MODEL_INVALID (cannot be read or understood) or MODEL_UNVERIFIED (not what was promised)
 */
export const readArtifact = async (folder: string, expectedManifestSha256?: string): Promise<Artifact> => {
  const origin = path.join(folder, 'manifest.json')
  const bytes =
    expectedManifestSha256 === undefined
      ? await readInside(folder, 'manifest.json')
      : await readVerified(folder, 'manifest.json', expectedManifestSha256)
  const manifest = parseManifest(bytes.toString('utf8'), origin)
  const files = new Map<string, Buffer>()
  for (const [inner, expected] of Object.entries(manifest.files))
    files.set(inner, await readVerified(folder, inner, expected))
  return { manifest, manifestSha256: sha256(bytes), network: readNetwork(manifest, files, folder) }
}
