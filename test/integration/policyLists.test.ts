import type { Producer } from 'kafkajs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Decision } from '../../src/domain/decision.ts'
import type { ListEntry } from '../../src/domain/listEntry.ts'
import type { Payment } from '../../src/domain/payment.ts'
import { createListEntryCodec } from '../../src/stream/codec/listEntry.ts'
import { stixIndicator } from '../support/intel/indicators.ts'
import { runCommand } from '../support/command.ts'
import { aListEntry } from '../support/listEntries.ts'
import { aPayment } from '../support/payments.ts'
import { allTheSame, decidedAgain } from '../support/decidedAgain.ts'
import { startProcessor, type Processor } from '../support/processor.ts'
import { openScene, type Scene } from '../support/scene.ts'
import { ownName, sharedServers } from '../support/shared.ts'
import { untilTrue } from '../support/until.ts'

const dayMs = 86_400_000
const codesOf = (decision: Decision | undefined) => decision?.reasons.map(({ code }) => code) ?? []

describe('an entry of the topic policy-lists', () => {
  let scene: Scene
  let processor: Processor
  let producer: Producer
  let paid = 0
  let told = 0

  const metrics = async (): Promise<string> => (await fetch(`${processor.url}/metrics`)).text()
  const applied = async (): Promise<number> =>
    [
      ...(await metrics()).matchAll(
        /^sluice_table_records_total\{table="policy-lists",kind="\w+"\} (\d+)$/gm,
      ),
    ].reduce((sum, [, count]) => sum + Number(count), 0)

  const pay = async (over: Partial<Payment>): Promise<Decision | undefined> => {
    const payment = aPayment({
      paymentId: ownName('pay'),
      accountId: `account-${paid++}`,
      deviceId: null,
      payeeId: 'landlord',
      ipAddress: null,
      occurredAt: Date.now(),
      amountMinor: 900,
      ...over,
    })
    await scene.paymentSwitch.send([payment])
    await scene.paymentSwitch.allDecided()
    return scene.paymentSwitch.answersTo(payment.paymentId)[0]?.decision
  }

  /** Resolves when the processor has it. */
  const tell = async (key: string, value: Buffer | null): Promise<void> => {
    await producer.send({ topic: scene.topics.policyLists, acks: -1, messages: [{ key, value }] })
    told++
    await untilTrue(async () => (await applied()) === told)
  }
  const publish = (over: Partial<ListEntry>): Promise<void> => {
    const entry = aListEntry(over, Date.now())
    return tell(entry.entryId, createListEntryCodec(scene.schemas).encode(entry))
  }
  const list = (...args: readonly string[]) => runCommand(['policy', 'lists', ...args], scene.environment)

  beforeAll(async () => {
    scene = await openScene(sharedServers())
    producer = scene.kafka.producer({ allowAutoTopicCreation: false })
    await producer.connect()
    processor = await startProcessor(scene.environment)
    for (const daysAgo of [20, 10]) await pay({ occurredAt: Date.now() - daysAgo * dayMs })
    const mule = stixIndicator("[x-sluice-payee:value = 'mule']", { confidence: 90 })
    await producer.send({
      topic: scene.topics.threatIntel,
      acks: -1,
      messages: [{ key: mule.id, value: JSON.stringify(mule) }],
    })
    await untilTrue(async () => (await metrics()).includes('sluice_intel_objects_total{result="listed"} 1'))
  })
  afterAll(async () => {
    await producer.disconnect()
    await processor.end()
    await scene.close()
  })

  it('blocks the next payment of its payee and of nobody else, until it is taken back', async () => {
    expect(await pay({ payeeId: 'thief' })).toMatchObject({ outcome: 'ALLOW', degraded: [] })
    await publish({ entryId: 'b-1', token: 'thief' })
    const blocked = await pay({ payeeId: 'thief' })
    expect(blocked).toMatchObject({ outcome: 'BLOCK', exceptions: [], degraded: [] })
    expect(codesOf(blocked)).toContain('LISTED')
    expect(await pay({ payeeId: 'another' })).toMatchObject({ outcome: 'ALLOW' })
    await tell('b-1', null)
    expect(await pay({ payeeId: 'thief' })).toMatchObject({ outcome: 'ALLOW', degraded: [] })
  })

  it('allows what the policy would block, says so, and ends', async () => {
    expect(await pay({ payeeId: 'mule' })).toMatchObject({ outcome: 'BLOCK', exceptions: [] })
    await publish({ entryId: 'a-1', effect: 'ALLOW', token: 'mule' })
    const allowed = await pay({ payeeId: 'mule' })
    expect(allowed).toMatchObject({ outcome: 'ALLOW', exceptions: ['allow_list:a-1'] })
    expect(codesOf(allowed)).toContain('KNOWN_BAD_PAYEE')
    await publish({ entryId: 'a-1', effect: 'ALLOW', token: 'mule', until: Date.now() - 1 })
    expect(await pay({ payeeId: 'mule' })).toMatchObject({ outcome: 'BLOCK', exceptions: [] })
  })

  it('snoozes rules, each by itself, and does nothing against a block entry', async () => {
    const snooze = { effect: 'SNOOZE', token: 'mule' } as const
    await publish({ ...snooze, entryId: 's-1', ruleId: 'known_bad_payee_certain' })
    expect(await pay({ payeeId: 'mule' })).toMatchObject({ outcome: 'STEP_UP', exceptions: ['snooze:s-1'] })
    await publish({ ...snooze, entryId: 's-2', ruleId: 'known_bad_payee' })
    expect(await pay({ payeeId: 'mule' })).toMatchObject({
      outcome: 'ALLOW',
      exceptions: ['snooze:s-2', 'snooze:s-1'],
    })
    await publish({ entryId: 'b-2', token: 'mule' })
    await publish({ entryId: 'a-2', effect: 'ALLOW', token: 'mule' })
    expect(await pay({ payeeId: 'mule' })).toMatchObject({ outcome: 'BLOCK', exceptions: [] })
  })

  it('is counted where it cannot be read, and what was there stays', async () => {
    await publish({ entryId: 'b-3', token: 'crook' })
    await tell('b-3', Buffer.from('no entry'))
    const endless = aListEntry({ entryId: 'a-3', effect: 'ALLOW', token: 'crook', until: null })
    await tell('a-3', createListEntryCodec(scene.schemas).encode(endless))
    expect(await metrics()).toContain('sluice_table_records_total{table="policy-lists",kind="refused"} 2')
    expect(await pay({ payeeId: 'crook' })).toMatchObject({ outcome: 'BLOCK' })
  })

  it('is added, listed and removed by a command, which refuses card numbers', async () => {
    const who = ['--by', 'tests', '--reason', 'for a test']
    const block = ['add', '--effect', 'block', '--subject', 'ip', '--token', '198.51.100.0/24', ...who]
    expect(await list(...block, '--id', 'c-1')).toMatchObject({ code: 0 })
    told++
    await untilTrue(async () => (await applied()) === told)
    expect(await pay({ ipAddress: '198.51.100.9' })).toMatchObject({ outcome: 'BLOCK' })
    expect((await list('list')).out).toContain('198.51.100.0/24')
    expect(await list('remove', 'c-1')).toMatchObject({ code: 0 })
    told++
    await untilTrue(async () => (await applied()) === told)
    expect(await pay({ ipAddress: '198.51.100.9' })).toMatchObject({ outcome: 'ALLOW' })

    const card = await list(
      'add',
      '--effect',
      'block',
      '--subject',
      'card',
      '--token',
      '4111111111111111',
      ...who,
    )
    expect([card.code, card.err.includes('4111'), card.err.includes('--token')]).toEqual([2, false, true])
    const endless = await list('add', '--effect', 'allow', '--subject', 'payee', '--token', 'x', ...who)
    expect([endless.code, endless.err.includes('--until')]).toEqual([2, true])
  })

  it('is in the audit records: every decision comes out the same again', async () => {
    const again = await decidedAgain(scene.environment)
    expect(again.decisions).toBeGreaterThan(0)
    expect(again).toEqual(allTheSame(again.decisions))
  })
})
