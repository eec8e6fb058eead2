import path from 'node:path'
import { SluiceError } from '../errors.ts'
import { sha256 } from './canonical.ts'
import { type Manifest, parseManifest } from './manifest.ts'
import { type NetworkFiles, readNetwork } from './network.ts'
import { readInside } from './readInside.file.ts'
import { notAsked, type SignatureCheck, type Signer } from './trust.ts'
import { verifySignature } from './verifySignature.file.ts'

/** A model folder whose every byte was checked against its manifest. */
export type Artifact = {
  readonly manifest: Manifest
  /** What `manifestSha256` and the signature are of. */
  readonly manifestBytes: Uint8Array
  readonly manifestSha256: string
  readonly signer: Signer
  readonly network: NetworkFiles
}

/** Larger ones are refused before they are read: a model that decides in microseconds is smaller. */
export const mostFileBytes = 128 * 2 ** 20
const mostManifestBytes = 16 * 2 ** 20

const checkHash = (bytes: Uint8Array, expected: string, file: string): void => {
  const found = sha256(bytes)
  if (found !== expected)
    throw new SluiceError('MODEL_UNVERIFIED', `${file}: expected SHA-256 ${expected}, found ${found}`)
}

const readFiles = async (folder: string, { files }: Manifest): Promise<ReadonlyMap<string, Buffer>> => {
  const read = new Map<string, Buffer>()
  for (const [inner, expected] of Object.entries(files)) {
    const bytes = await readInside(folder, inner, mostFileBytes)
    checkHash(bytes, expected, path.join(folder, inner))
    read.set(inner, bytes)
  }
  return read
}

/**
 * Reads `<folder>/manifest.json` and the files it lists. Its hash and its signature are checked before anything of
 * it is used, the hash of each file before anything of that.
 * @param expectedManifestSha256 undefined: any
 * @param check undefined: whoever signed it
 * @throws SluiceError MODEL_INVALID (cannot be read or understood), MODEL_UNVERIFIED (not what was promised),
 *   MODEL_UNSIGNED, or MODEL_UNSAFE (reaches for what is not its own)
 */
export const readArtifact = async (
  folder: string,
  expectedManifestSha256?: string,
  check?: SignatureCheck,
): Promise<Artifact> => {
  const origin = path.join(folder, 'manifest.json')
  const bytes = await readInside(folder, 'manifest.json', mostManifestBytes)
  if (expectedManifestSha256 !== undefined) checkHash(bytes, expectedManifestSha256, origin)
  const signer = check === undefined ? notAsked : await verifySignature(folder, bytes, check)
  const manifest = parseManifest(bytes.toString('utf8'), origin)
  const network = readNetwork(manifest, await readFiles(folder, manifest), folder)
  return { manifest, manifestBytes: bytes, manifestSha256: sha256(bytes), signer, network }
}
