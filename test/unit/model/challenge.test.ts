import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runChallenge } from '../../../src/commands/modelChallenge.ts'
import { readActive } from '../../../src/model/activeWriter.file.ts'
import { promote } from '../../../src/model/promote.file.ts'
import { rollback } from '../../../src/model/rollback.file.ts'
import type { Trust } from '../../../src/model/trust.ts'
import { writeMadeUpBundle } from '../../support/model/bundle.ts'
import { rejecting } from '../../support/model/throwing.ts'
import { addVariant } from '../../support/model/variants.ts'

const anybodys: Trust = { unsigned: 'allow', keysFolder: null }
let models: string
let second: string
beforeAll(async () => {
  process.env['SLUICE_UNSIGNED_MODELS'] = 'allow'
  models = await writeMadeUpBundle()
  second = await addVariant(models, 'made-up/1', '2', { shift: 1 })
})
afterAll(() => rm(models, { recursive: true }))

const challenge = (...args: readonly string[]): Promise<number> => runChallenge([...args, '--models', models])
const challengers = async () =>
  (await readActive(models)).challengers.map(({ path, pin, canaryShare }) => [path, pin.backend, canaryShare])

describe('sluice model challenge', () => {
  it('puts a model in shadow, gives it a share, and takes it away again; champion and policy stay', async () => {
    const { champion, policy } = await readActive(models)
    await challenge(second, '--backend', 'cpu')
    expect(await challengers()).toEqual([[second, 'cpu', undefined]])
    await challenge(second, '--share', '0.05')
    // A canary takes the champion's engine.
    expect(await challengers()).toEqual([[second, 'wasm', 0.05]])
    expect(await readActive(models)).toMatchObject({ champion, policy })
    await challenge(second, '--remove')
    expect(await challengers()).toEqual([])
  })

  it('is undone by a rollback, as a promotion is', async () => {
    await challenge(second, '--share', '0.05')
    await rollback(models, anybodys)
    expect(await challengers()).toEqual([])
  })

  it('leaves no challenger behind that was promoted, and no canary on another engine', async () => {
    const third = await addVariant(models, 'made-up/1', '3', { shift: 2 })
    await challenge(second, '--backend', 'wasm')
    await challenge(third, '--share', '0.5')
    await promote(models, second, () => performance.now(), ['cpu'], anybodys)
    expect(await challengers()).toEqual([[third, 'wasm', undefined]])
  })

  it('refuses what makes no sense, and says what was expected', async () => {
    const messageOf = async (...args: readonly string[]): Promise<string> =>
      (await rejecting(challenge(...args))).message
    expect(await messageOf(second, '--share', '1.5')).toContain('expected a number above 0 and at most 1')
    expect(await messageOf('made-up/9', '--remove')).toContain('expected one of the challengers')
    expect(await messageOf()).toContain('expected one model as NAME/VERSION')
    expect(await messageOf((await readActive(models)).champion.path)).toContain('is listed twice')
  })
})
