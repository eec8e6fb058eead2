import { generateKeyPairSync } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { signManifest } from '../../../src/model/signature.ts'

const pair = generateKeyPairSync('ed25519')
export const testKeyId = 'test'

export const privatePem = (): string => pair.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
export const publicPem = (): string => pair.publicKey.export({ format: 'pem', type: 'spki' }).toString()

/** Signs a model as it is now by this process's own key, which the models folder then trusts. */
export const signForTest = async (modelsFolder: string, model: string): Promise<void> => {
  const folder = path.join(modelsFolder, model)
  await mkdir(path.join(modelsFolder, 'keys'), { recursive: true })
  const keyFile = path.join(modelsFolder, 'keys', `${testKeyId}.pem`)
  // Whoever watches the folder would take the same key written again for a change.
  if ((await readFile(keyFile, 'utf8').catch(() => '')) !== publicPem()) await writeFile(keyFile, publicPem())
  const signature = signManifest(
    await readFile(path.join(folder, 'manifest.json')),
    pair.privateKey,
    testKeyId,
  )
  await writeFile(path.join(folder, 'manifest.sig.json'), JSON.stringify(signature))
}
