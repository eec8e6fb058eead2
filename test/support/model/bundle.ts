import { copyFile, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promote } from '../../../src/model/promote.file.ts'
import { writeMadeUpModel } from './artifact.ts'
import { signForTest } from './signing.ts'

const shippedPolicy = fileURLToPath(new URL('../../../models/policy.yaml', import.meta.url))

/** A models folder with a small made-up model (its features: examples.ts) under the policy that ships. */
export const writeMadeUpBundle = async (): Promise<string> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'sluice-models-'))
  await writeMadeUpModel(path.join(folder, 'made-up', '1'))
  await signForTest(folder, 'made-up/1')
  await copyFile(shippedPolicy, path.join(folder, 'policy.yaml'))
  await promote(folder, 'made-up/1', () => performance.now(), ['wasm'])
  return folder
}
