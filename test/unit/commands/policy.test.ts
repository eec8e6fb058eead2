import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { commandTable } from '../../../src/commands/table.ts'
import { dispatch } from '../../../src/dispatch.ts'
import { writeMadeUpBundle } from '../../support/model/bundle.ts'
import { activate, addVariant, windowedIn } from '../../support/model/variants.ts'
import { withoutOwnCases } from '../../support/ownCases.ts'

let root: string
let original: string
let models: string

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'sluice-policy-cli-'))
  original = await writeMadeUpBundle()
}, 120_000)
beforeEach(async () => {
  models = await mkdtemp(path.join(root, 'models-'))
  await cp(original, models, { recursive: true })
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
})
afterAll(async () => {
  await rm(root, { recursive: true })
  await rm(original, { recursive: true })
})

/** A command line, as a shell would see it end. */
const sluice = async (...args: readonly string[]) => {
  let [out, err] = ['', '']
  const stdout = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text)
    return true
  })
  const code = await dispatch(commandTable, ['policy', ...args, '--models', models], {
    out: (text) => (out += text),
    error: (text) => (err += text),
  })
  stdout.mockRestore()
  return { code, out, err }
}
const json = async (...args: readonly string[]) => {
  const { code, out, err } = await sluice(...args, '--json')
  expect(err).toBe('')
  return { code, json: JSON.parse(out) as Readonly<Record<string, unknown>> }
}

const policyFile = (): string => path.join(models, 'policy.yaml')
const change = async (how: (text: string) => string): Promise<void> =>
  writeFile(policyFile(), how(await readFile(policyFile(), 'utf8')))
const misspell = (text: string): string => text.replaceAll('card.count', 'card.cuont')
const activeText = (): Promise<string> => readFile(path.join(models, 'active.json'), 'utf8')
const order = ['--by', 'Ann', '--why', 'a test', '--for', '1h'] as const
const person = async (keyId: string): Promise<string> => {
  const key = path.join(await mkdtemp(path.join(root, 'key-')), 'key')
  expect(await json('keygen', keyId, '--out', key)).toMatchObject({ code: 0, json: { privateFile: key } })
  return key
}

describe('sluice policy', () => {
  it('check: 0 for a policy that goes with the active models, and says which they are', async () => {
    const { code, json: said } = await json('check')
    expect([code, said]).toMatchObject([0, { problems: [], models: ['made-up/1'], approved: true }])
    expect(said['ownFeatures']).toContain('device.health.remote_access')
    expect(said['ownFeatures']).not.toContain('account.count.1h')
    expect(await sluice('check')).toMatchObject({
      code: 0,
      out: expect.stringContaining('all is right') as string,
    })
  })

  it('check: 1 for what is wrong with it, each with its line', async () => {
    await change((text) => misspell(text).replace('stepUp: 0.12', 'stepUp: 0.95'))
    const { code, json: said } = await json('check')
    expect(code).toBe(1)
    expect(String(said['problems'])).toMatch(/line \d+.*card\.cuont/)
    expect(String(said['problems'])).toMatch(/thresholds\[0\].*expected at most block/)
    const text = await sluice('check')
    expect([text.code, text.out]).toEqual([1, expect.stringMatching(/wrong: .*card\.cuont/)])
  })

  it('check: 1 where the models beside it cannot be read, or look back further than histories are kept', async () => {
    const renamed = { [await windowedIn(models, 'made-up/1')]: 'account.count.3000d' }
    await activate(models, await addVariant(models, 'made-up/1', 'far', { renamed }))
    const far = await json('check')
    expect([far.code, String(far.json['problems'])]).toEqual([
      1,
      expect.stringContaining('account.count.3000d looks back further than histories are kept'),
    ])
    await rm(path.join(models, 'made-up'), { recursive: true })
    const gone = await json('check')
    expect([gone.code, String(gone.json['problems'])]).toEqual([1, expect.stringContaining('made-up')])
  })

  it('test: 0, with what no case would notice; 1 where a case comes out otherwise than it says', async () => {
    expect(await json('test')).toMatchObject({ code: 0, json: { problems: [] } })
    await change((text) => text.replace('expect: hit', 'expect: no hit'))
    const { code, out } = await sluice('test')
    expect([code, out]).toEqual([1, expect.stringMatching(/WRONG {2}rule \w+, case 1: hit, expected no hit/)])
  })

  it('test: a policy that does not compile is 1 with all that is wrong, not the first of it', async () => {
    await change((text) => misspell(text).replace('stepUp: 0.12', 'stepUp: 0.95'))
    const { code, out } = await sluice('test')
    expect([code, out]).toEqual([1, expect.stringMatching(/wrong: .*card\.cuont/)])
    expect(out).toMatch(/wrong: .*expected at most block/)
  })

  it('test: tries limits too, and says which bound no case would notice', async () => {
    const { json: said } = await json('test')
    expect(said['cases']).toContainEqual({
      part: 'limit',
      id: 'transfer_amount',
      at: 0,
      expected: 'within',
      found: 'within',
    })
    expect(said['unnoticed']).toContainEqual({
      part: 'limit',
      id: 'account_count_hour',
      change: 'FULL: 30 into 61',
    })
    expect(said['unnoticed']).not.toContainEqual({
      part: 'limit',
      id: 'account_count_hour',
      change: 'NONE: 20 into 41',
    })
  })

  it('test --cases: whole decisions of a file of their own, also of features that the policy leaves alone', async () => {
    const file = path.join(root, 'cases.yaml')
    const given = `{ payment: { channel: WEB, method: CARD }, probability: 0.99, features: { merchant.sum.3h: 7 } }`
    await writeFile(file, `cases:\n  - { name: sure of fraud, given: ${given}, outcome: BLOCK }\n`)
    expect(await json('test', '--cases', file)).toMatchObject({
      code: 0,
      json: { whole: [{ name: 'sure of fraud', expected: 'BLOCK', found: 'BLOCK' }] },
    })
    await writeFile(file, `cases:\n  - { name: sure of fraud, given: ${given}, outcome: ALLOW }\n`)
    const wrong = await sluice('test', '--cases', file)
    expect([wrong.code, wrong.out]).toEqual([
      1,
      expect.stringContaining('WRONG  sure of fraud: BLOCK (MODEL_SCORE), expected ALLOW'),
    ])
    await change(misspell)
    expect((await sluice('test', '--cases', file)).out).toContain('not tried, as the policy is wrong')
  })

  it.each([
    ['cases: []', /cases.*Too small|cases.*>=1/],
    ['cases: [{ name: a, given: { features: { merchant.smu.3h: 1 } }, outcome: ALLOW }]', /merchant\.smu/],
    ['cases: [{ name: a, outcome: MAYBE, given: {} }]', /line 1.*outcome|outcome.*line 1/],
  ])('test --cases: 1 for a file that is none, %s', async (text, message) => {
    const file = path.join(root, 'none.yaml')
    await writeFile(file, text)
    const { code, err } = await sluice('test', '--cases', file)
    expect([code, err]).toEqual([1, expect.stringMatching(message)])
  })

  it('diff: 2 without both policies, 1 for one that is none', async () => {
    expect(await sluice('test', 'a', 'b')).toMatchObject({ code: 2 })
    const args = ['--from', policyFile(), '--audit', 'nowhere.ndjson']
    const bare = (...more: readonly string[]) =>
      dispatch(commandTable, ['policy', 'diff', ...args, ...more], {
        out: () => undefined,
        error: () => undefined,
      })
    expect(await bare()).toBe(2)
    const other = path.join(root, 'other.yaml')
    await writeFile(other, misspell(await readFile(policyFile(), 'utf8')))
    expect(await bare('--to', other)).toBe(1)
  })

  it('keygen, sign, promote: two people, and then it decides', async () => {
    vi.stubEnv('SLUICE_POLICY_APPROVALS', '2')
    await change((text) => `${text}# edited\n`)
    const before = await activeText()
    const [ann, bob] = [await person('ann'), await person('bob')]
    expect(await json('sign', '--key', ann, '--name', 'Ann Lee')).toMatchObject({
      code: 0,
      json: { approvers: [{ keyId: 'ann', name: 'Ann Lee' }] },
    })
    const early = await sluice('promote')
    expect([early.code, early.err]).toEqual([1, expect.stringContaining('approv')])
    expect(await json('check')).toMatchObject({ code: 0, json: { approved: false, approvalsNeeded: 2 } })
    expect(await activeText()).toBe(before)
    expect((await sluice('sign', '--key', bob)).code).toBe(0)
    expect(await json('promote')).toMatchObject({
      code: 0,
      json: { bundleHash: expect.stringMatching(/^\w{64}$/) as string },
    })
    expect(await activeText()).not.toBe(before)
  })

  it('sign and promote: 1 for a policy that is wrong, which stays where it is', async () => {
    const key = await person('ann')
    await change(misspell)
    const before = await activeText()
    for (const args of [['sign', '--key', key], ['promote']]) {
      const { code, err } = await sluice(...args)
      expect([code, err]).toEqual([1, expect.stringContaining('card.cuont')])
    }
    expect(await activeText()).toBe(before)
  })

  it('promote: 1 for thresholds that block everybody, as its own cases notice; and only for that', async () => {
    const strict = (text: string): string => text.replace(/(stepUp|block): 0\.\d+/g, '$1: 0.0')
    await change(strict)
    const { code, err } = await sluice('promote')
    expect([code, err]).toEqual([1, expect.stringContaining('a small payment from a new device')])
    await change(withoutOwnCases)
    expect((await sluice('promote')).code).toBe(0)
  })

  it('kill-switch: on, show, off', async () => {
    const on = await json('kill-switch', 'on', ...order, '--model-off', '--rule-off', 'remote_control')
    expect(on).toMatchObject({ code: 0, json: { by: 'Ann', modelOff: true, rulesOff: ['remote_control'] } })
    expect((await sluice('kill-switch', 'show')).out).toContain('a test')
    expect(await json('kill-switch', 'off')).toMatchObject({ code: 0, json: { off: true } })
    expect((await sluice('kill-switch', 'show')).out).toContain('there is no kill switch')
  })

  it('kill-switch: 1 where nobody who may has signed it, and nothing is written', async () => {
    vi.stubEnv('SLUICE_POLICY_APPROVALS', '1')
    const ann = await person('ann')
    expect((await sluice('kill-switch', 'on', ...order, '--at-most', 'ALLOW')).code).toBe(1)
    expect((await sluice('kill-switch', 'show')).out).toContain('there is no kill switch')
    expect((await sluice('kill-switch', 'on', ...order, '--at-most', 'ALLOW', '--key', ann)).code).toBe(0)
  })

  it.each([
    [[]],
    [['chek']],
    [['check', 'a', 'b']],
    [['check', '--jsn']],
    [['sign']],
    [['keygen']],
    [['keygen', 'ann']],
    [['promote', 'something']],
    [['kill-switch']],
    [['kill-switch', 'maybe']],
    [['kill-switch', 'on', '--model-off']],
    [['kill-switch', 'on', ...order]],
    [['kill-switch', 'on', ...order, '--at-most', 'PERHAPS']],
    [['kill-switch', 'on', ...order.slice(0, 4), '--for', '30d', '--model-off']],
    [['kill-switch', 'on', ...order, '--rule-off', 'remote_contrl']],
  ])('2 for %j, and it says what was expected', async (args) => {
    const { code, out, err } = await sluice(...args)
    expect([code, out]).toEqual([2, ''])
    expect(err).toMatch(/^sluice: .+\nTry: sluice --help/s)
  })

  it.each(['check', 'test', 'diff', 'sign', 'keygen', 'promote', 'kill-switch'])(
    '%s --help',
    async (action) => {
      let out = ''
      vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((out += String(text)), true))
      const code = await dispatch(commandTable, ['policy', action, '--help'], {
        out: () => undefined,
        error: () => undefined,
      })
      expect([code, out]).toEqual([0, expect.stringContaining(`Usage: sluice policy ${action}`)])
    },
  )
})
