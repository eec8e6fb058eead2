import { rm, utimes } from 'node:fs/promises'
import path from 'node:path'
import { memory } from '@tensorflow/tfjs-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { version_wasm as wasmVersion } from '@tensorflow/tfjs-backend-wasm'
import { openBundles, type Bundles } from '../../../src/compose/bundles.ts'
import { readBundle } from '../../../src/compose/readBundle.ts'
import type { SwapResult } from '../../../src/domain/bundleSwap.ts'
import { readActive } from '../../../src/model/activeWriter.file.ts'
import { loadBundle } from '../../../src/model/bundle.file.ts'
import type { OtherBackends } from '../../../src/model/otherBackends.ts'
import { backendText } from '../../../src/compose/scoredOn.ts'
import { createLog } from '../../../src/ops/log.ts'
import { signedOnly } from '../../../src/model/trust.ts'
import { swapRounds } from '../../support/long.ts'
import { breakages } from '../../support/model/breakages.ts'
import { writeMadeUpBundle } from '../../support/model/bundle.ts'
import { activate, addVariant } from '../../support/model/variants.ts'
import { untilTrue } from '../../support/until.ts'

const first = 'made-up/1'
let models: string
let second: string
beforeAll(async () => {
  models = await writeMadeUpBundle()
  second = await addVariant(models, first, '2', { renamed: { 'account.count.1h': 'account.count.37m' } })
})
afterAll(() => rm(models, { recursive: true }))

let bundles: Bundles
let swaps: SwapResult[]
const open = async (
  readBeside?: typeof readBundle,
  probationMs = 0,
  otherBackends: OtherBackends = 'refuse',
  againMs = { first: 10_000, longest: 10_000 },
): Promise<void> => {
  swaps = []
  bundles = openBundles({
    modelsDir: models,
    trust: signedOnly,
    pollMs: 5,
    trial: { probationMs, bounds: { unscoredShare: 0.01, blockFactor: 3 } },
    engineDeps: {
      retentionMs: 40 * 86_400_000,
      observeModelScore: () => undefined,
      monotonic: () => performance.now(),
    },
    otherBackends,
    againMs,
    countSwap: (result) => swaps.push(result),
    onCurrent: () => undefined,
    log: createLog({ level: 'silent', instance: 'test', version: '0' }),
    now: Date.now,
    ...(readBeside === undefined ? {} : { readBeside }),
  })
  await bundles.firstReady
}
afterEach(() => bundles.close())

/** What became of what `change` makes the folder offer. */
const resultOf = async (change: () => Promise<unknown>): Promise<SwapResult | undefined> => {
  const before = swaps.length
  await change()
  await untilTrue(() => swaps.length > before)
  return swaps.at(-1)
}

describe('the bundle in use', () => {
  it('follows active.json, read in a thread, with other features where the other model wants them', async () => {
    await activate(models, first)
    await open()
    expect(bundles.engine().model).toBe(first)
    expect(bundles.engine().features).not.toContain('account.count.37m')
    const before = bundles.engine().bundleHash
    expect(await resultOf(() => activate(models, second))).toBe('swapped')
    expect(bundles.engine().model).toBe(second)
    expect(bundles.engine().features).toContain('account.count.37m')
    expect(bundles.standing()).toMatchObject({ previousHash: before, problem: null })
  })

  it('is waited for where this machine cannot honour the pin, until it can', async () => {
    const other = breakages.find(({ refusal }) => refusal === 'backend_unavailable')
    await other?.offer(models, first, 'other-pin')
    const opening = open(readBundle)
    await untilTrue(() => swaps.includes('backend_unavailable'))
    expect(bundles.standing()).toMatchObject({ bundleHash: null, problem: { result: 'backend_unavailable' } })
    expect(() => bundles.engine()).toThrow('no bundle is ready')
    await activate(models, first)
    await opening
    expect(bundles.engine().model).toBe(first)
  })

  it('scores on another engine where that is allowed, says which, and keeps the hash of its pin', async () => {
    const other = breakages.find(({ refusal }) => refusal === 'backend_unavailable')
    await other?.offer(models, first, 'other-pin')
    await open(readBundle, 0, 'allow')
    const { bundleHash, scoredOn } = bundles.engine()
    const { champion } = await readActive(models)
    expect(bundleHash).toBe((await loadBundle(models)).bundleHash)
    expect(scoredOn).toEqual([
      { model: champion.path, engine: `wasm ${wasmVersion}`, pinned: 'wasm 0.0.1', isAsPinned: false },
    ])
    expect(backendText(scoredOn)).toBe(`wasm ${wasmVersion}, pinned to wasm 0.0.1`)
    expect(swaps).toEqual(['swapped'])

    await activate(models, first)
    await untilTrue(() => swaps.length > 1)
    expect(backendText(bundles.engine().scoredOn)).toBe(`wasm ${wasmVersion}`)
  })

  it('is offered again where what kept it from being taken has passed, though no file has changed', async () => {
    await activate(models, first)
    let failures = 2
    await open(
      (order) => (failures-- > 0 ? Promise.reject(new Error('the thread ended')) : readBundle(order)),
      0,
      'refuse',
      { first: 20, longest: 40 },
    )
    expect(await resultOf(() => activate(models, second))).toBe('failed')
    await untilTrue(() => swaps.at(-1) === 'swapped')
    expect(swaps).toEqual(['swapped', 'failed', 'swapped'])
    expect(bundles.engine().model).toBe(second)
  })

  it('is taken back when it cannot score, and says so', async () => {
    await activate(models, first)
    await open(readBundle, 60_000)
    const { bundleHash } = bundles.engine()
    expect(await resultOf(() => activate(models, second))).toBe('swapped')
    const bad = bundles.engine().bundleHash
    expect(bundles.details().onProbationUntil).not.toBeNull()
    const result = await resultOf(async () => {
      for (let i = 0; i < 50; i++) bundles.see(bad, { scored: false, blocked: false, slow: false })
    })
    expect(result).toBe('withdrawn')
    expect(bundles.engine().bundleHash).toBe(bundleHash)
    expect(bundles.details()).toMatchObject({
      bundleHash,
      withdrawn: { bundleHash: bad, reason: 'too many payments had no probability' },
      onProbationUntil: null,
    })
    expect(await resultOf(() => utimes(path.join(models, 'policy.yaml'), 1, 1))).toBe('withheld')
    expect(bundles.engine().bundleHash).toBe(bundleHash)
  })

  it('is not touched by anything that is broken, which is told; what is sound is taken afterwards', async () => {
    await activate(models, first)
    await open(readBundle)
    const { bundleHash } = bundles.engine()
    for (const [i, { name, refusal, says, offer }] of breakages.entries()) {
      expect(await resultOf(() => offer(models, first, `broken-${i}`)), name).toBe(refusal)
      expect(bundles.engine().bundleHash, name).toBe(bundleHash)
      expect(bundles.standing().problem, name).toMatchObject({ result: refusal })
      expect(bundles.standing().problem?.reason, name).toMatch(says)
    }
    expect(await resultOf(() => activate(models, second))).toBe('swapped')
    expect(bundles.standing().problem).toBeNull()
  })

  it(
    `leaves no tensor behind in ${swapRounds} swaps`,
    async () => {
      await activate(models, first)
      await open(readBundle)
      const third = await addVariant(models, first, '3', { shift: 0.5 })
      const memories: (readonly [number, number])[] = []
      for (let round = 0; round < swapRounds; round++) {
        // Three in turn: with two the one before would only come back.
        const model = [second, third, first][round % 3]!
        expect(await resultOf(() => activate(models, model))).toBe('swapped')
        memories.push([memory().numTensors, memory().numBytes])
      }
      // From the second on there are two bundles, the one that decides and the one before.
      expect(new Set(memories.slice(1).map(String)).size).toBe(1)
    },
    30_000 + swapRounds * 1_000,
  )
})
