import { execFileSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { appendFile, cp, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { loadBundle } from '../../../src/model/bundle.file.ts'
import { sha256 } from '../../../src/model/canonical.ts'
import { generateKey, signModel } from '../../../src/model/keys.file.ts'
import { promote } from '../../../src/model/promote.file.ts'
import type { Trust } from '../../../src/model/trust.ts'
import { writeMadeUpBundle } from '../../support/model/bundle.ts'
import { privatePem, publicPem, signForTest } from '../../support/model/signing.ts'
import { rejecting } from '../../support/model/throwing.ts'

const allowed: Trust = { unsigned: 'allow', keysFolder: null }

let root: string
let original: string
let models: string
let model: string
let signature: string
let ring: string

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'sluice-signature-'))
  original = await writeMadeUpBundle()
})
beforeEach(async () => {
  models = await mkdtemp(path.join(root, 'models-'))
  await cp(original, models, { recursive: true })
  model = path.join(models, 'made-up', '1')
  signature = path.join(model, 'manifest.sig.json')
  ring = path.join(models, 'keys')
})
afterAll(async () => {
  await rm(root, { recursive: true })
  await rm(original, { recursive: true })
})

const refusal = async (trust?: Trust): Promise<string> => {
  const error = await rejecting(loadBundle(models, trust))
  expect(error.code).toBe('MODEL_UNSIGNED')
  return error.message
}

/** active.json names the manifest's hash: what somebody who may write the whole folder would do. */
const changeManifest = async (): Promise<void> => {
  const file = path.join(model, 'manifest.json')
  const before = await readFile(file)
  await appendFile(file, '\n')
  const active = path.join(models, 'active.json')
  const text = await readFile(active, 'utf8')
  await writeFile(active, text.replace(sha256(before), sha256(await readFile(file))))
}

describe('a signed model', () => {
  it('loads, and says who signed it', async () => {
    expect((await loadBundle(models)).champion.signer).toEqual({ keyId: 'test', reason: null })
  })

  it('is trusted by a ring that lies elsewhere', async () => {
    const keysFolder = path.join(models, 'elsewhere')
    await rename(ring, keysFolder)
    expect(await refusal()).toMatch(/key test is unknown; .*keys holds no key/)
    const trust: Trust = { unsigned: 'refuse', keysFolder }
    expect((await loadBundle(models, trust)).champion.signer.keyId).toBe('test')
  })

  it('can be verified without us: the signature is plain Ed25519 over the bytes of the manifest', async () => {
    const { signature: base64 } = JSON.parse(await readFile(signature, 'utf8')) as { signature: string }
    const raw = path.join(models, 'raw.sig')
    await writeFile(raw, Buffer.from(base64, 'base64'))
    const args = ['pkeyutl', '-verify', '-pubin', '-inkey', path.join(ring, 'test.pem'), '-rawin']
    const said = execFileSync('openssl', [...args, '-in', path.join(model, 'manifest.json'), '-sigfile', raw])
    expect(said.toString()).toMatch(/Verified Successfully/)
  })
})

describe('refused is', () => {
  it('an unsigned model, unless that is allowed', async () => {
    await rm(signature)
    expect(await refusal()).toMatch(/is not signed: .*sluice model sign, or set SLUICE_UNSIGNED_MODELS=allow/)
    const { signer } = (await loadBundle(models, allowed)).champion
    expect(signer.keyId).toBeNull()
    expect(signer.reason).toMatch(/is not signed/)
  })

  it('one that is to be promoted too', async () => {
    await rm(signature)
    const now = () => performance.now()
    expect(await rejecting(promote(models, 'made-up/1', now, ['wasm']))).toMatchObject({
      code: 'MODEL_UNSIGNED',
    })
    expect((await promote(models, 'made-up/1', now, ['wasm'], allowed)).measurements).toHaveLength(1)
  })

  it('a key that is not in the ring, and the ring is named', async () => {
    await rename(path.join(ring, 'test.pem'), path.join(ring, 'team-b.pem'))
    expect(await refusal()).toMatch(/key test is unknown; known are team-b/)
  })

  it('a retired key', async () => {
    await mkdir(path.join(ring, 'retired'))
    await rename(path.join(ring, 'test.pem'), path.join(ring, 'retired', 'test.pem'))
    expect(await refusal()).toMatch(/key test is retired; .* holds no key/)
    // Putting it back beside its retired self does not revive it.
    await cp(path.join(ring, 'retired', 'test.pem'), path.join(ring, 'test.pem'))
    expect(await refusal()).toMatch(/is retired/)
  })

  it('a manifest changed after signing, even where unsigned models are allowed', async () => {
    await changeManifest()
    expect(await refusal()).toMatch(/not that of key test over manifest.json as it is now/)
    expect(await refusal(allowed)).toMatch(/not that of key test/)
    await signForTest(models, 'made-up/1')
    expect((await loadBundle(models)).champion.signer.keyId).toBe('test')
  })

  it("another model's signature, and another key under the same name", async () => {
    const { publicKey } = generateKeyPairSync('ed25519')
    await writeFile(path.join(ring, 'test.pem'), publicKey.export({ format: 'pem', type: 'spki' }))
    expect(await refusal()).toMatch(/not that of key test/)
  })

  it.each([
    ['no JSON', '{'],
    ['another algorithm', JSON.stringify({ signatureVersion: 1, keyId: 'test', algorithm: 'none' })],
    ['a path for a key', '{"signatureVersion":1,"keyId":"../test","algorithm":"Ed25519","signature":""}'],
  ])('a signature that is none: %s', async (_what, text) => {
    await writeFile(signature, text)
    expect(await refusal(allowed)).toMatch(/manifest.sig.json/)
  })

  it.each([
    ['a private key', privatePem(), /holds a private key/],
    ['no key', 'hello', /expected .*Ed25519 public key as PEM/],
    [
      'a key of another kind',
      generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'pem', type: 'spki' }),
      /Ed25519 public key as PEM, found ec/,
    ],
  ])('a ring that holds %s', async (_what, pem, expected) => {
    await writeFile(path.join(ring, 'test.pem'), pem)
    const error = await rejecting(loadBundle(models))
    expect(error.code).toBe('KEY_INVALID')
    expect(error.message).toMatch(expected)
  })
})

describe('keys', () => {
  const places = () => ({
    privateFile: path.join(models, '..', `${path.basename(models)}.pem`),
    keysFolder: ring,
    modelsFolder: models,
  })

  it('are made, sign, and are never overwritten', async () => {
    const { privateFile } = await generateKey('team-a', places())
    expect((await stat(privateFile)).mode & 0o777).toBe(0o600)
    expect((await signModel(model, privateFile, ring)).keyId).toBe('team-a')
    expect((await loadBundle(models)).champion.signer.keyId).toBe('team-a')
    expect(await rejecting(generateKey('team-a', places()))).toMatchObject({ code: 'FILE_INVALID' })
    expect(await rejecting(generateKey('team-b', places()))).toMatchObject({ code: 'FILE_INVALID' })
  })

  it('do not come to lie beside the models', async () => {
    const inside = { ...places(), privateFile: path.join(models, 'made-up', 'private.pem') }
    expect(await rejecting(generateKey('team-a', inside))).toMatchObject({ code: 'USAGE' })
    expect(await rejecting(generateKey('../a', places()))).toMatchObject({ code: 'USAGE' })
  })

  it('that the ring does not hold sign nothing', async () => {
    const { privateFile } = await generateKey('team-a', places())
    await rm(path.join(ring, 'team-a.pem'))
    const error = await rejecting(signModel(model, privateFile, ring))
    expect(error.code).toBe('KEY_INVALID')
    expect(error.message).toMatch(/does not hold the public half/)
  })

  it('sign no model whose files are not what its manifest says', async () => {
    const { privateFile } = await generateKey('team-a', places())
    await appendFile(path.join(model, 'weights.bin'), ' ')
    expect(await rejecting(signModel(model, privateFile, ring))).toMatchObject({ code: 'MODEL_UNVERIFIED' })
    await writeFile(privateFile, publicPem())
    expect(await rejecting(signModel(path.join(original, 'made-up', '1'), privateFile, ring))).toMatchObject({
      code: 'KEY_INVALID',
    })
  })
})
