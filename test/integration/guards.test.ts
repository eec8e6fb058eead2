import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Decision } from '../../src/domain/decision.ts'
import { addApproval } from '../../src/model/approvals.file.ts'
import { bundleHashOf } from '../../src/model/active.ts'
import { sealPolicy, readActive, writeActive } from '../../src/model/activeWriter.file.ts'
import { generateKey } from '../../src/model/keys.file.ts'
import { allTheSame, decidedAgain } from '../support/decidedAgain.ts'
import { writeMadeUpBundle } from '../support/model/bundle.ts'
import { withoutOwnCases } from '../support/ownCases.ts'
import { startProcessor, type Processor } from '../support/processor.ts'
import { openScene, type Scene } from '../support/scene.ts'
import { ownName, sharedServers } from '../support/shared.ts'
import { steadyPayments } from '../support/steadyPayments.ts'
import { untilTrue } from '../support/until.ts'

const perSecond = 50
const blocksAll = `
  - id: blocks_all
    when: f("payment.amount") >= 0.0
    outcome: BLOCK
    reason: UNUSUAL_AMOUNT
    finding: ABNORMAL_BEHAVIOUR
    owner: tests
    cases: []
`
const breaker =
  'breaker: { windowMinutes: 60, share: 0.05, factor: 3, minBlocks: 20, minAccounts: 5, usualHours: 24, closeAfterMinutes: 60 }'
const controlGroup = 'controlGroup: { share: 0.1, maxAmount: 1000000 }'

describe('guards in a real processor', () => {
  let models: string
  let keys: string
  let scene: Scene
  let processor: Processor
  const privateKeys: string[] = []

  const policyFile = (): string => path.join(models, 'policy.yaml')
  const approveBy = async (keyFile: string): Promise<void> => {
    const { sha256: policySha256 } = await sealPolicy(models, 'policy.yaml')
    const approversFolder = path.join(models, 'approvers')
    await addApproval({ modelsFolder: models, policySha256, keyFile, name: null, approversFolder, now: 0 })
  }
  /** What somebody would write who does not ask for approvals. */
  const activate = async (): Promise<string> => {
    const active = { ...(await readActive(models)), policy: await sealPolicy(models, 'policy.yaml') }
    await writeActive(models, active)
    return bundleHashOf(active)
  }
  const metrics = async (): Promise<string> => (await fetch(`${processor.url}/metrics`)).text()

  beforeAll(async () => {
    models = await writeMadeUpBundle()
    keys = await mkdtemp(path.join(tmpdir(), 'sluice-guards-'))
    for (const keyId of ['ann', 'bob']) {
      const privateFile = path.join(keys, keyId)
      await generateKey(keyId, {
        privateFile,
        keysFolder: path.join(models, 'approvers'),
        modelsFolder: models,
      })
      privateKeys.push(privateFile)
      await approveBy(privateFile)
    }
    scene = await openScene(sharedServers(), {
      SLUICE_MODELS_DIR: models,
      SLUICE_MODELS_POLL_MS: '50',
      SLUICE_PROBATION_MS: '0',
      SLUICE_POLICY_APPROVALS: '2',
    })
    processor = await startProcessor(scene.environment)
  }, 120_000)
  afterAll(async () => {
    await processor.end()
    await scene.close()
    await rm(models, { recursive: true })
    await rm(keys, { recursive: true })
  })

  it('a policy needs two approvals; a rule that blocks all opens its breaker; a kill switch counts at once', async () => {
    const { paymentSwitch } = scene
    const run = ownName('guards')
    let sent = 0
    const stream = paymentSwitch.sendSteadily(perSecond, (index) => {
      sent = index + 1
      return steadyPayments(run)(index)
    })
    const decisions = (): readonly Decision[] =>
      Array.from({ length: sent }, (_, i) => paymentSwitch.answersTo(`${run}-${i}`)[0]?.decision).filter(
        (decision) => decision !== undefined,
      )
    const untilSome = (wanted: (decision: Decision) => boolean): Promise<void> =>
      untilTrue(() => decisions().some(wanted))

    const text = await readFile(policyFile(), 'utf8')
    await writeFile(
      policyFile(),
      withoutOwnCases(text)
        .replace(/^(breaker|controlGroup):.*\n/gm, '')
        .replace('\nrules:\n', () => `\n${breaker}\n${controlGroup}\n\nrules:${blocksAll}`),
    )
    await approveBy(privateKeys[0]!)
    const hash = await activate()
    await untilTrue(async () =>
      (await metrics()).includes('sluice_bundle_swaps_total{result="policy_unapproved"} 1'),
    )
    expect(decisions().every(({ bundleHash }) => bundleHash !== hash)).toBe(true)
    await approveBy(privateKeys[1]!)

    await untilSome(({ bundleHash, outcome }) => bundleHash === hash && outcome === 'BLOCK')
    await untilSome(
      ({ outcome, exceptions }) => outcome === 'STEP_UP' && exceptions.join() === 'breaker:rule:blocks_all',
    )
    await untilTrue(async () => (await metrics()).includes('sluice_breaker_open{origin="rule:blocks_all"} 1'))
    await untilSome(({ outcome, exceptions }) => outcome === 'ALLOW' && exceptions.at(-1) === 'control_group')

    const order = path.join(models, 'kill-switch.yaml')
    const until = new Date(Date.now() + 3_600_000).toISOString()
    await writeFile(
      order,
      JSON.stringify({ by: 'tests', why: 'a test', until, modelOff: true, rulesOff: ['blocks_all'] }),
    )
    // Written by a hand that may not: nobody of the approvers has signed it.
    await untilTrue(() => processor.log.some((line) => line.includes('the kill switch is not taken')))
    expect(decisions().every(({ probability }) => probability !== null)).toBe(true)
    const { sha256: policySha256 } = await sealPolicy(models, 'kill-switch.yaml')
    const approversFolder = path.join(models, 'approvers')
    await addApproval({
      modelsFolder: models,
      policySha256,
      keyFile: privateKeys[0]!,
      name: null,
      approversFolder,
      now: 0,
    })
    await untilSome(
      ({ probability, exceptions }) => probability === null && exceptions.includes('kill_switch'),
    )
    await untilTrue(async () => (await metrics()).includes('sluice_kill_switch{part="rules_off"} 1'))
    await rm(order)
    await untilTrue(() => processor.log.some((line) => line.includes('the kill switch was taken away')))

    await stream.stop()
    await paymentSwitch.allDecided()
    const verdict = paymentSwitch.verdict()
    expect({ ...verdict, missing: verdict.missing, conflicting: verdict.conflicting }).toMatchObject({
      decided: verdict.sent,
      missing: [],
      conflicting: [],
      duplicates: 0,
    })
    for (const { outcome, exceptions } of decisions()) if (outcome === 'BLOCK') expect(exceptions).toEqual([])
    expect(await decidedAgain(scene.environment)).toEqual(allTheSame(verdict.sent))
  }, 240_000)
})
