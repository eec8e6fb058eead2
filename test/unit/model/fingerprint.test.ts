import { spawnSync } from 'node:child_process'
import { cp, mkdir, mkdtemp, rename, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { readFingerprint } from '../../../src/model/fingerprint.file.ts'
import { loadBundle } from '../../../src/model/bundle.file.ts'
import { mostTextBytes } from '../../../src/model/readInside.file.ts'
import { watchModels } from '../../../src/model/watch.ts'
import { writeMadeUpBundle } from '../../support/model/bundle.ts'
import { rejecting } from '../../support/model/throwing.ts'
import { untilTrue } from '../../support/until.ts'

let root: string
let original: string
beforeAll(async () => {
  original = await writeMadeUpBundle()
  root = await mkdtemp(path.join(tmpdir(), 'sluice-watch-'))
})
afterAll(() => Promise.all([original, root].map((folder) => rm(folder, { recursive: true }))))

let models: string
beforeEach(async () => {
  models = await mkdtemp(path.join(root, 'models-'))
  await cp(original, models, { recursive: true })
})

const shown = (folder = models): Promise<string> => readFingerprint(folder, path.join(folder, 'keys'))

describe('what the models folder shows', () => {
  it('stays the same while nothing happens, and without a folder', async () => {
    expect(await shown()).toBe(await shown())
    const nowhere = path.join(root, 'nowhere')
    expect(await shown(nowhere)).toBe(await shown(nowhere))
  })

  it.each([
    'active.json',
    'policy.yaml',
    'made-up/1/weights.bin',
    'made-up/1/manifest.json',
    'keys/test.pem',
  ])('is another one when %s is touched', async (file) => {
    const before = await shown()
    await utimes(path.join(models, file), 1, 1)
    expect(await shown()).not.toBe(before)
  })

  it('is another one when a file comes that was missed', async () => {
    const weights = path.join(models, 'made-up/1/weights.bin')
    await rename(weights, `${weights}.away`)
    const before = await shown()
    await rename(`${weights}.away`, weights)
    expect(await shown()).not.toBe(before)
  })

  it('does not look at what is not named', async () => {
    const before = await shown()
    await mkdir(path.join(models, 'made-up', '9'))
    await writeFile(path.join(models, 'made-up', '9', 'model.json'), '{}')
    expect(await shown()).toBe(before)
  })
})

describe('what is no file', () => {
  it.each(['active.json', 'policy.yaml', 'keys/test.pem', 'made-up/1/manifest.json'])(
    'holds up nobody: a pipe in the place of %s',
    { timeout: 20_000 },
    async (name) => {
      const file = path.join(models, name)
      await rm(file)
      expect(spawnSync('mkfifo', [file]).status).toBe(0)
      expect(await shown()).toBe(await shown())
      const error = await rejecting(loadBundle(models))
      expect(error.message).toMatch(/expected a regular file|cannot be read/)
    },
  )

  it('is read no further than a text of ours is long', async () => {
    await truncate(path.join(models, 'active.json'), mostTextBytes + 1)
    expect(await shown()).toBe(await shown())
    const error = await rejecting(loadBundle(models))
    expect(error).toMatchObject({ code: 'MODEL_UNSAFE' })
    expect(error.message).toMatch(/active.json: expected at most 4194304 bytes/)
  })
})

describe('a watch', () => {
  /** As Kubernetes mounts a volume: files are links through `..data`, which is a link that is swapped. */
  const mount = async (): Promise<{
    readonly folder: string
    readonly swapTo: (data: string) => Promise<void>
  }> => {
    const folder = await mkdtemp(path.join(root, 'mount-'))
    const swapTo = async (data: string): Promise<void> => {
      await symlink(data, path.join(folder, '..data_tmp'))
      await rename(path.join(folder, '..data_tmp'), path.join(folder, '..data'))
    }
    for (const data of ['..1', '..2']) await cp(original, path.join(folder, data), { recursive: true })
    await swapTo('..1')
    for (const name of ['active.json', 'policy.yaml', 'made-up', 'keys'])
      await symlink(path.join('..data', name), path.join(folder, name))
    return { folder, swapTo }
  }

  it('sees a volume of Kubernetes change, where only a link is swapped', async () => {
    const { folder, swapTo } = await mount()
    let changes = 0
    const watch = watchModels({
      fingerprint: () => shown(folder),
      everyMs: 1,
      onChange: () => Promise.resolve(void changes++),
      onError: (error) => {
        throw error
      },
    })
    await untilTrue(() => changes >= 1)
    const before = changes
    await swapTo('..2')
    await untilTrue(() => changes > before)
    await watch.stop()
  })

  it('offers again what was not taken, less and less often, and no longer once it is', async () => {
    let [looks, isSettled] = [0, false]
    const offeredAt: number[] = []
    const watch = watchModels({
      fingerprint: () => Promise.resolve(String(++looks > 0)),
      // Time is what the watch believes to have waited: a look each millisecond stands for many.
      everyMs: 1,
      againMs: { first: 10, longest: 40 },
      onChange: () => Promise.resolve(void offeredAt.push(looks)),
      isSettled: () => isSettled,
      onError: (error) => {
        throw error
      },
    })
    await untilTrue(() => offeredAt.length >= 5)
    const waits = offeredAt.slice(1).map((at, i) => at - (offeredAt[i] ?? NaN))
    expect(waits.slice(0, 4)).toEqual([11, 21, 41, 41])
    isSettled = true
    const [before, from] = [offeredAt.length, looks]
    await untilTrue(() => looks > from + 100)
    expect(offeredAt).toHaveLength(before)
    await watch.stop()
  })

  it('goes on after it could not look, and has nothing under way once it is stopped', async () => {
    const errors: unknown[] = []
    let looks = 0
    let working = false
    const watch = watchModels({
      fingerprint: () => (looks++ === 0 ? Promise.reject(new Error('away')) : Promise.resolve(String(looks))),
      everyMs: 1,
      onChange: async () => {
        working = true
        await new Promise((resolve) => setImmediate(resolve))
        working = false
      },
      onError: (error) => errors.push(error),
    })
    await untilTrue(() => looks > 3)
    await watch.stop()
    expect(working).toBe(false)
    const after = looks
    await new Promise((resolve) => setImmediate(resolve))
    expect(looks).toBe(after)
    expect(errors).toHaveLength(1)
  })
})
