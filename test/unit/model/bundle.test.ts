import { execFileSync } from 'node:child_process'
import {
  appendFile,
  cp,
  mkdir,
  mkdtemp,
  truncate,
  readFile,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { parseActive } from '../../../src/model/active.ts'
import { mostFileBytes, readArtifact } from '../../../src/model/artifact.file.ts'
import { loadBundle } from '../../../src/model/bundle.file.ts'
import { sha256 } from '../../../src/model/canonical.ts'
import { listModels } from '../../../src/model/listing.file.ts'
import { promote, promotePolicy } from '../../../src/model/promote.file.ts'
import { writeMadeUpModel } from '../../support/model/artifact.ts'
import { signForTest } from '../../support/model/signing.ts'
import { rejecting, throwing } from '../../support/model/throwing.ts'

let root: string
let models: string
let model: string

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'sluice-bundle-'))
  const original = path.join(root, 'original')
  await writeMadeUpModel(path.join(original, 'made-up', '1'))
  await signForTest(original, 'made-up/1')
  await writeFile(path.join(original, 'policy.yaml'), 'version: 1\n')
  await promote(original, 'made-up/1', () => performance.now(), ['wasm'])
})
beforeEach(async () => {
  models = await mkdtemp(path.join(root, 'models-'))
  model = path.join(models, 'made-up', '1')
  await cp(path.join(root, 'original'), models, { recursive: true })
})
afterAll(() => rm(root, { recursive: true }))

describe('bundle', () => {
  it('is read with everything that decides, under one hash', async () => {
    const bundle = await loadBundle(models)
    expect(bundle.policyText).toBe('version: 1\n')
    expect(bundle.champion.pin).toMatchObject({ backend: 'wasm', batchShapes: [] })
    expect(bundle.champion.manifest.id).toBe('made-up')
    expect(bundle.bundleHash).toMatch(/^[0-9a-f]{64}$/)
  })

  it('changes its hash with the policy, and only by promotion', async () => {
    const before = await loadBundle(models)
    await writeFile(path.join(models, 'policy.yaml'), 'version: 2\n')
    const refused = await rejecting(loadBundle(models))
    expect(refused.code).toBe('MODEL_UNVERIFIED')
    expect(refused.message).toMatch(/policy.yaml: expected SHA-256/)
    await promotePolicy(models)
    const after = await loadBundle(models)
    expect(after.policyText).toBe('version: 2\n')
    expect(after.bundleHash).not.toBe(before.bundleHash)
  })

  it.each(['manifest.json', 'model.json', 'weights.bin'])('refuses a changed %s', async (file) => {
    await appendFile(path.join(model, file), ' ')
    const error = await rejecting(loadBundle(models))
    expect(error.code).toBe('MODEL_UNVERIFIED')
    expect(error.message).toContain(file)
  })

  it('refuses a missing file', async () => {
    await rm(path.join(model, 'weights.bin'))
    expect(await rejecting(loadBundle(models))).toMatchObject({ code: 'MODEL_INVALID' })
  })

  it('refuses a model under a name that is not its own', async () => {
    await rename(model, path.join(models, 'made-up', '2'))
    const file = path.join(models, 'active.json')
    await writeFile(file, (await readFile(file, 'utf8')).replace('made-up/1', 'made-up/2'))
    const error = await rejecting(loadBundle(models))
    expect(error).toMatchObject({ code: 'MODEL_UNVERIFIED' })
    expect(error.message).toMatch(/its manifest says it is made-up\/1/)
  })

  it('refuses what active.json must not say', async () => {
    const text = await readFile(path.join(models, 'active.json'), 'utf8')
    const changed = (from: string, to: string) =>
      throwing(() => parseActive(text.replace(from, to), 'active.json'))
    expect(changed('made-up/1', '../made-up').message).toMatch(/expected <name>\/<version>/)
    expect(changed('"policy.yaml"', '"../policy.yaml"').message).toMatch(/file name in the models folder/)
    expect(changed('"challengers"', '"canaries"').code).toBe('MODEL_INVALID')
  })
})

describe('artifact', () => {
  it('refuses a symbolic link out of its folder, whatever its hash', async () => {
    const outside = path.join(models, 'weights.bin')
    await rename(path.join(model, 'weights.bin'), outside)
    await symlink(outside, path.join(model, 'weights.bin'))
    const error = await rejecting(readArtifact(model))
    expect(error).toMatchObject({ code: 'MODEL_UNSAFE' })
    expect(error.message).toMatch(/leads out of its folder/)
  })

  it('refuses a file over the limit, before it is read', async () => {
    await truncate(path.join(model, 'weights.bin'), mostFileBytes + 1)
    const error = await rejecting(readArtifact(model))
    expect(error).toMatchObject({ code: 'MODEL_UNSAFE' })
    expect(error.message).toMatch(/weights.bin: expected at most 134217728 bytes, found 134217729/)
  })

  it('refuses what is no regular file', async () => {
    await rm(path.join(model, 'weights.bin'))
    await mkdir(path.join(model, 'weights.bin'))
    const error = await rejecting(readArtifact(model))
    expect(error).toMatchObject({ code: 'MODEL_UNSAFE' })
    expect(error.message).toMatch(/expected a regular file/)
  })

  it('does not wait for a pipe', async () => {
    await rm(path.join(model, 'weights.bin'))
    execFileSync('mkfifo', [path.join(model, 'weights.bin')])
    expect(await rejecting(readArtifact(model))).toMatchObject({ code: 'MODEL_UNSAFE' })
  })

  it('follows one that stays inside, as mounted volumes have them', async () => {
    await rename(path.join(model, 'weights.bin'), path.join(model, 'data.bin'))
    await symlink('data.bin', path.join(model, 'weights.bin'))
    expect((await readArtifact(model)).manifest.id).toBe('made-up')
  })

  it('refuses weights that do not fill the shapes', async () => {
    const weights = await readFile(path.join(model, 'weights.bin'))
    const short = weights.subarray(4)
    await writeFile(path.join(model, 'weights.bin'), short)
    const manifest = await readFile(path.join(model, 'manifest.json'), 'utf8')
    await writeFile(path.join(model, 'manifest.json'), manifest.replace(sha256(weights), sha256(short)))
    const error = await rejecting(readArtifact(model))
    expect(error).toMatchObject({ code: 'MODEL_INVALID' })
    expect(error.message).toMatch(/bytes of weights/)
  })
})

describe('promotion', () => {
  it('leaves active.json as it was when the golden vectors are off', async () => {
    const manifestFile = path.join(model, 'manifest.json')
    const manifest = await readFile(manifestFile, 'utf8')
    await writeFile(manifestFile, manifest.replace(/"probability":0\.\d/, '"probability":0.9'))
    await signForTest(models, 'made-up/1')
    const before = await readFile(path.join(models, 'active.json'), 'utf8')
    const error = await rejecting(promote(models, 'made-up/1', () => performance.now(), ['wasm']))
    expect(error.message).toMatch(/golden vector 0 gives/)
    expect(await readFile(path.join(models, 'active.json'), 'utf8')).toBe(before)
  })

  it('is seen in the list of models', async () => {
    await appendFile(path.join(model, 'model.json'), ' ')
    await cp(path.join(root, 'original', 'made-up', '1'), path.join(models, 'made-up', 'copy'), {
      recursive: true,
    })
    expect(await listModels(models)).toMatchObject([
      { path: 'made-up/1', active: true, format: null },
      { path: 'made-up/copy', active: false, format: 'tfjs-layers', problem: null },
    ])
  })
})
