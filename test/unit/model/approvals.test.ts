import { copyFile, cp, mkdtemp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { addApproval } from '../../../src/model/approvals.file.ts'
import { loadBundle } from '../../../src/model/bundle.file.ts'
import { sha256 } from '../../../src/model/canonical.ts'
import { generateKey } from '../../../src/model/keys.file.ts'
import { promotePolicy } from '../../../src/model/promote.file.ts'
import type { Trust } from '../../../src/model/trust.ts'
import { writeMadeUpBundle } from '../../support/model/bundle.ts'
import { rejecting } from '../../support/model/throwing.ts'

const trust: Trust = { unsigned: 'refuse', keysFolder: null, approvals: { needed: 2, approversFolder: null } }
let root: string
let original: string
let models: string
let ring: string

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'sluice-approvals-'))
  original = await writeMadeUpBundle()
}, 120_000)
beforeEach(async () => {
  models = await mkdtemp(path.join(root, 'models-'))
  await cp(original, models, { recursive: true })
  ring = path.join(models, 'approvers')
})
afterAll(async () => {
  await rm(root, { recursive: true })
  await rm(original, { recursive: true })
})

const policyHash = async () => sha256(await readFile(path.join(models, 'policy.yaml')))
const person = async (keyId: string): Promise<string> => {
  const privateFile = path.join(await mkdtemp(path.join(root, 'key-')), 'key')
  await generateKey(keyId, { privateFile, keysFolder: ring, modelsFolder: models })
  return privateFile
}
const sign = async (keyFile: string) =>
  addApproval({
    modelsFolder: models,
    policySha256: await policyHash(),
    keyFile,
    name: null,
    approversFolder: ring,
    now: 0,
  })
const refused = async (): Promise<string> => {
  const error = await rejecting(loadBundle(models, trust))
  expect(error.code).toBe('POLICY_UNAPPROVED')
  return error.message
}

describe('a policy that two must approve', () => {
  it('decides once two people have approved it, and not before', async () => {
    expect(await refused()).toContain('found none')
    const [ann, bob] = [await person('ann'), await person('bob')]
    await sign(ann)
    await sign(ann)
    expect(await refused()).toContain('found ann (')
    await sign(bob)
    expect((await loadBundle(models, trust)).bundleHash).toBeDefined()
  })

  it('takes one key under two names for one person', async () => {
    const ann = await person('ann')
    await sign(ann)
    await copyFile(path.join(ring, 'ann.pem'), path.join(ring, 'zoe.pem'))
    await rename(path.join(ring, 'ann.pem'), path.join(root, 'aside.pem'))
    await sign(ann)
    await rename(path.join(root, 'aside.pem'), path.join(ring, 'ann.pem'))
    expect(await refused()).toContain('found ann; key zoe has approved already')
  })

  it('counts no approval of another text, of a key retired since, or by another hand', async () => {
    await sign(await person('ann'))
    await sign(await person('bob'))
    const file = path.join(models, 'approvals', `${await policyHash()}.json`)
    const text = await readFile(file, 'utf8')
    await writeFile(file, text.replace('"name": "bob"', '"name": "eve"'))
    expect(await refused()).toContain('found ann; the signature of key bob is wrong')
    await writeFile(file, text)
    await mkdir(path.join(ring, 'retired'))
    await rename(path.join(ring, 'bob.pem'), path.join(ring, 'retired', 'bob.pem'))
    expect(await refused()).toContain('found ann; key bob is retired')
    await rename(path.join(ring, 'retired', 'bob.pem'), path.join(ring, 'bob.pem'))
    const policy = path.join(models, 'policy.yaml')
    await writeFile(policy, `${await readFile(policy, 'utf8')}\n# one edit\n`)
    expect((await rejecting(promotePolicy(models, trust))).message).toContain('found none')
  })
})
