import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createCaseLog } from '../../../src/compose/caseLog.kafka.ts'
import { verifyChain } from '../../../src/intel/cases/verify.ts'
import type { SoleWriter } from '../../../src/stream/soleWriter.kafka.ts'
import { aCommand, inShort, readCases, sendCommands } from '../../support/sharing/cases.ts'
import { failingForGood } from '../../support/sharing/failing.ts'
import { openTopics, type OwnTopics } from '../../support/sharing/ownTopics.ts'
import { sharedServers } from '../../support/shared.ts'
import { untilTrue } from '../../support/until.ts'

const hourMs = 3_600_000
const learnedAt = Date.UTC(2026, 0, 5)

describe('the case log', () => {
  let own: OwnTopics
  let clock: number
  let running: SoleWriter[]
  let entries: number

  beforeEach(async () => {
    own = await openTopics(sharedServers())
    clock = learnedAt + hourMs
    running = []
    entries = 0
  })
  afterEach(async () => {
    for (const each of running) await each.stop()
  })

  const start = async (): Promise<SoleWriter> => {
    const log = createCaseLog({
      ...own,
      sessionTimeoutMs: 6_000,
      tickMs: 20,
      now: () => clock,
      monotonic: () => performance.now(),
      onWritten: (written) => (entries += written.length),
      onCommands: () => undefined,
      onCases: () => undefined,
      onOwning: () => undefined,
      onFailure: failingForGood,
      onCrash: (error) => {
        throw error
      },
    })
    running.push(log)
    await log.start()
    return log
  }
  const stopAll = async (): Promise<void> => {
    for (const each of running.splice(0)) await each.stop()
  }
  const written = (count: number): Promise<void> => untilTrue(() => entries >= count)

  it('walks a case through 48 hours: each warning once, also over a restart, then the breach', async () => {
    await start()
    await sendCommands(own, [aCommand({ learnedAt })])
    await written(1)
    clock = learnedAt + 24 * hourMs - 1
    await sendCommands(own, [aCommand({ kind: 'NOTE', note: 'a minute before' })])
    await written(2)
    clock = learnedAt + 24 * hourMs
    await written(3)
    await stopAll()
    await start()
    clock = learnedAt + 36 * hourMs
    await written(4)
    await stopAll()
    // Nobody is there at 44 hours: it is told as soon as somebody is.
    clock = learnedAt + 48 * hourMs
    await start()
    await written(6)
    await sendCommands(own, [
      aCommand({ kind: 'ADVANCE', state: 'VERIFIED' }),
      aCommand({ kind: 'ADVANCE', state: 'REPORTED' }),
    ])
    await written(8)
    clock = learnedAt + 480 * hourMs
    await sendCommands(own, [aCommand({ kind: 'NOTE', note: 'long after' })])
    await written(9)

    const stored = await readCases(own)
    expect(inShort(stored)).toEqual([
      'OPENED DETECTED',
      'NOTED DETECTED',
      'WARNED 24 h',
      'WARNED 36 h',
      'WARNED 44 h',
      'BREACHED 48 h',
      'ADVANCED VERIFIED',
      'ADVANCED REPORTED',
      'NOTED REPORTED',
    ])
    expect(verifyChain(stored)).toMatchObject({ entries: 9, faults: [], head: { sequence: 9 } })
  })

  it('does a command once, whatever its sender repeats, and says why it refuses one', async () => {
    await start()
    const open = aCommand({ learnedAt })
    await sendCommands(own, [open, open, aCommand({ kind: 'ADVANCE', state: 'CLOSED' })])
    await sendCommands(own, [open, aCommand({ kind: 'ADVANCE', state: 'ACKNOWLEDGED' })])
    await written(3)
    const stored = await readCases(own)
    expect(inShort(stored)).toEqual(['OPENED DETECTED', 'REFUSED DETECTED', 'REFUSED DETECTED'])
    expect(stored.map(({ entry }) => entry?.refusal)).toEqual([
      null,
      'expected a note with the reason: nothing was reported yet',
      'expected VERIFIED or CLOSED after DETECTED, found ACKNOWLEDGED',
    ])
  })
})
