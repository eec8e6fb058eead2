import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createCaseLog } from '../../../src/compose/caseLog.kafka.ts'
import { createIntelOut } from '../../../src/compose/intelOut.kafka.ts'
import type { SoleWriter } from '../../../src/stream/soleWriter.kafka.ts'
import { aFeedback } from '../../support/happenings.ts'
import { pythonWith } from '../../support/python.ts'
import { aCommand, sendCommands } from '../../support/sharing/cases.ts'
import { readIntelOut, readWhole, sendFeedback, typesOf, type Stix } from '../../support/sharing/intel.ts'
import { failingForGood } from '../../support/sharing/failing.ts'
import { openTopics, type OwnTopics } from '../../support/sharing/ownTopics.ts'
import { sharedServers } from '../../support/shared.ts'
import { untilTrue } from '../../support/until.ts'

const python = await pythonWith(path.resolve('test/support/sharing/requirements.txt'))
const hourMs = 3_600_000
const fraud = aFeedback()
const genuine = aFeedback({ feedbackId: 'f-2', kind: 'FALSE_POSITIVE', knownAt: fraud.knownAt + hourMs })
const ofAnother = aFeedback({ feedbackId: 'f-3', paymentId: 'pay-2', accountId: 'acc-2', kind: 'CHARGEBACK' })
const preface = ['identity', 'extension-definition', 'attack-pattern']
const three = ['payee', 'device', 'ip'].flatMap(() => ['indicator', 'relationship', 'sighting'])

describe('confirmed fraud', () => {
  let own: OwnTopics
  let clock: number
  let published: number
  let held: number
  let running: SoleWriter[]

  beforeEach(async () => {
    own = await openTopics(sharedServers())
    clock = fraud.knownAt + 24 * hourMs
    published = 0
    held = 0
    running = []
  })
  const stopAll = async (): Promise<void> => {
    for (const each of running.splice(0)) await each.stop()
  }
  afterEach(stopAll)

  const common = () => ({
    ...own,
    sessionTimeoutMs: 6_000,
    tickMs: 20,
    now: () => clock,
    monotonic: () => performance.now(),
    onOwning: () => undefined,
    onFailure: failingForGood,
    onCrash: (error: Error) => {
      throw error
    },
  })
  const startSharing = async (delayMs = 0): Promise<void> => {
    const sharing = createIntelOut({
      ...common(),
      key: Buffer.alloc(32, 7),
      institution: 'Example Bank',
      tlp: 'amber',
      delayMs,
      onPublished: (objects) => (published += objects.length),
      onHeld: (labels) => (held = labels),
    })
    running.push(sharing)
    await sharing.start()
  }
  const startCases = async (): Promise<() => number> => {
    let entries = 0
    const none = (): void => undefined
    const log = createCaseLog({
      ...common(),
      onCommands: none,
      onCases: none,
      onWritten: (written) => (entries += written.length),
    })
    running.push(log)
    await log.start()
    return () => entries
  }

  it('becomes STIX, is taken back with its label, and says the same again to nobody', async () => {
    await startSharing()
    await sendFeedback(own, [fraud])
    await untilTrue(() => published === 12)
    expect(typesOf(await readIntelOut(own))).toEqual([...preface, ...three])

    // Another payment to the same payee: the indicators stand on both. The first one comes again after a restart.
    await stopAll()
    await startSharing()
    await sendFeedback(own, [fraud, ofAnother])
    await untilTrue(() => published === 15)
    await sendFeedback(own, [genuine])
    await untilTrue(() => published === 21)
    await sendFeedback(own, [fraud, { ...ofAnother, kind: 'FALSE_POSITIVE', knownAt: genuine.knownAt }])
    await untilTrue(() => published === 30)

    const objects = await readIntelOut(own)
    expect(typesOf(objects.slice(12))).toEqual([
      ...Array<string>(3).fill('sighting'),
      // A card holder's dispute is left: the indicators are less sure.
      ...['payee', 'device', 'ip'].flatMap(() => ['sighting revoked', 'indicator']),
      ...['payee', 'device', 'ip'].flatMap(() => [
        'sighting revoked',
        'indicator revoked',
        'relationship revoked',
      ]),
    ])
    for (const later of objects.slice(15)) {
      const before = objects.find(({ id }) => id === later.id)
      expect(Date.parse(String(later['modified']))).toBeGreaterThan(Date.parse(String(before?.['modified'])))
      expect(later['created']).toBe(before?.['created'])
    }
  })

  it('leaves no token in clear', async () => {
    await startSharing()
    // One after the other: the surer label, come second, would publish the indicators once more.
    await sendFeedback(own, [fraud])
    await untilTrue(() => published === 12)
    await sendFeedback(own, [ofAnother])
    await untilTrue(() => published === 15)
    await sendFeedback(own, [genuine])
    await untilTrue(() => published === 21)
    const records = await readWhole(own, own.topics.intelOut)
    const text = records
      .map((record) => JSON.stringify({ ...record, key: String(record.key), value: String(record.value) }))
      .join('\n')
    const tokens = [fraud, ofAnother].flatMap((each) => [
      each.paymentId,
      each.accountId,
      each.cardToken,
      each.payeeId,
      each.merchantId,
      each.deviceId,
      each.ipAddress,
      each.feedbackId,
    ])
    expect(tokens.filter((token) => token !== null && text.includes(token))).toEqual([])
    expect(text).toContain('hmac_sha256')
  })

  it('waits out an embargo, also over a restart, and never leaves if it is taken back meanwhile', async () => {
    const entries = await startCases()
    const embargoUntil = clock + 10 * hourMs
    await sendCommands(own, [
      aCommand({ learnedAt: clock, subject: 'PAYMENT', subjectId: fraud.paymentId, embargoUntil }),
    ])
    await untilTrue(() => entries() === 1)
    await startSharing()
    const unlike = { ...ofAnother, payeeId: null, deviceId: null, ipAddress: '192.0.2.77' }
    await sendFeedback(own, [fraud, unlike])
    await untilTrue(() => published === 6 && held === 1)
    await stopAll()
    clock = embargoUntil - 1
    await startSharing()
    await untilTrue(() => held === 1)
    expect(typesOf(await readIntelOut(own))).toEqual([...preface, 'indicator', 'relationship', 'sighting'])
    clock = embargoUntil
    await untilTrue(() => published === 15 && held === 0)
    expect(typesOf((await readIntelOut(own)).slice(6))).toEqual(three)
  })

  it('waits for the delay that holds for all, and never leaves where it is taken back meanwhile', async () => {
    clock = fraud.knownAt
    await startSharing(2 * hourMs)
    await sendFeedback(own, [fraud, { ...ofAnother, payeeId: null, deviceId: null }])
    await untilTrue(() => held === 2)
    await sendFeedback(own, [genuine])
    await untilTrue(() => held === 1)
    clock = fraud.knownAt + 2 * hourMs
    await untilTrue(() => published === 6)
    expect(typesOf(await readIntelOut(own))).toEqual([...preface, 'indicator', 'relationship', 'sighting'])
  })

  it.runIf(python !== null)("passes OASIS's validator", async () => {
    await startSharing()
    // One after the other: the surer label, come second, would publish the indicators once more.
    await sendFeedback(own, [fraud])
    await untilTrue(() => published === 12)
    await sendFeedback(own, [ofAnother])
    await untilTrue(() => published === 15)
    await sendFeedback(own, [genuine])
    await untilTrue(() => published === 21)
    const folder = await mkdtemp(path.join(tmpdir(), 'sluice-stix-'))
    const validate = async (objects: readonly Stix[]) => {
      const file = path.join(folder, 'objects.ndjson')
      await writeFile(file, objects.map((object) => `${JSON.stringify(object)}\n`).join(''))
      return JSON.parse(await python!(path.resolve('test/support/sharing/validate.py'), [file])) as readonly {
        readonly valid: boolean
        readonly errors: readonly string[]
        readonly warnings: readonly string[]
        readonly pattern: readonly string[]
      }[]
    }
    const objects = await readIntelOut(own)
    const found = await validate(objects)
    expect(found).toHaveLength(21)
    expect(found.filter(({ valid, pattern }) => !valid || pattern.length > 0)).toEqual([])
    // It would rather have random ids (103); ours are made of what they stand for, so that nothing goes out twice.
    const others = found.flatMap(({ warnings }) => warnings).filter((text) => !text.includes('{103}'))
    expect(others).toEqual([])
    // It can say no.
    const [broken] = await validate([{ ...objects[3]!, valid_until: '2001-01-01T00:00:00.000Z' }])
    expect(broken).toMatchObject({ valid: false })
    await rm(folder, { recursive: true })
  })
})
