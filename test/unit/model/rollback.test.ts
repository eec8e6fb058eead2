import { appendFile, cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { promoteActive, readActive } from '../../../src/model/activeWriter.file.ts'
import { loadBundle } from '../../../src/model/bundle.file.ts'
import { promotePolicy } from '../../../src/model/promote.file.ts'
import { rollback } from '../../../src/model/rollback.file.ts'
import { signedOnly } from '../../../src/model/trust.ts'
import { writeMadeUpBundle } from '../../support/model/bundle.ts'
import { rejecting } from '../../support/model/throwing.ts'
import { activeOf, addVariant } from '../../support/model/variants.ts'

let original: string
let models: string
beforeAll(async () => {
  original = await writeMadeUpBundle()
  for (const version of ['2', '3']) await addVariant(original, 'made-up/1', version)
})
beforeEach(async () => {
  models = await mkdtemp(path.join(tmpdir(), 'sluice-rollback-'))
  await cp(original, models, { recursive: true })
})
afterAll(() => rm(original, { recursive: true }))

const take = async (version: string): Promise<void> =>
  promoteActive(models, await activeOf(models, `made-up/${version}`))
const champion = async (): Promise<string> => (await readActive(models)).champion.path
const back = () => rollback(models, signedOnly)
const editPolicy = (text: string): Promise<void> => appendFile(path.join(models, 'policy.yaml'), text)

describe('rollback', () => {
  it('goes back one promotion after the other, and then no further', async () => {
    const first = (await loadBundle(models)).bundleHash
    await take('2')
    await take('3')
    await back()
    expect(await champion()).toBe('made-up/2')
    const { bundleHash } = await back()
    expect(await champion()).toBe('made-up/1')
    expect(bundleHash).toBe(first)
    const error = await rejecting(back())
    expect(error.message).toMatch(/no earlier bundle is kept/)
    expect(await champion()).toBe('made-up/1')
  })

  it('goes back to the policy that was promoted, though its file was edited where it lies', async () => {
    const before = await loadBundle(models)
    await promotePolicy(models)
    await editPolicy('\n# edited\n')
    await promotePolicy(models)
    expect((await loadBundle(models)).policyText).toMatch(/# edited/)
    await back()
    const after = await loadBundle(models)
    expect(after.policyText).toBe(before.policyText)
    expect(await readFile(path.join(models, 'policy.yaml'), 'utf8')).toMatch(/# edited/)
    await promotePolicy(models)
    expect((await loadBundle(models)).policyText).toMatch(/# edited/)
  })

  it('says so when that policy was never kept', async () => {
    await editPolicy('\n# edited\n')
    await rm(path.join(models, 'history'), { recursive: true, force: true })
    await promotePolicy(models)
    const error = await rejecting(back())
    expect(error).toMatchObject({ code: 'POLICY_INVALID' })
    expect(error.message).toMatch(/was changed, and .* cannot be read/)
  })

  it('does not go back to a model that was changed since', async () => {
    await take('2')
    await appendFile(path.join(models, 'made-up', '1', 'weights.bin'), 'x')
    expect(await rejecting(back())).toMatchObject({ code: 'MODEL_UNVERIFIED' })
    expect(await champion()).toBe('made-up/2')
  })

  it('leads out of an active.json that is broken', async () => {
    await take('2')
    await take('3')
    await writeFile(path.join(models, 'active.json'), '{')
    await back()
    expect(await champion()).toBe('made-up/2')
  })

  it('keeps nothing when the same bundle is promoted again', async () => {
    await take('2')
    await take('2')
    expect((await readdir(path.join(models, 'history'))).toSorted()).toEqual([
      '000001.json',
      expect.stringMatching(/^policy\.[0-9a-f]{64}\.yaml$/),
    ])
    await back()
    expect(await champion()).toBe('made-up/1')
  })
})
