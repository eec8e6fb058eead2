import { describe, expect, it } from 'vitest'
import { createCaseLedger } from '../../../src/compose/caseLedger.ts'
import { createCaseLog, readingGroup } from '../../../src/compose/caseLog.kafka.ts'
import { verifyChain } from '../../../src/intel/cases/verify.ts'
import { createCaseCommandDecoder } from '../../../src/stream/codec/caseCommand.ts'
import { createCaseEntryCodec } from '../../../src/stream/codec/caseEntry.ts'
import { createSoleProducer } from '../../../src/stream/soleProducer.kafka.ts'
import { createSoleWriter } from '../../../src/stream/soleWriter.kafka.ts'
import { openWholeTopic } from '../../../src/stream/wholeTopic.kafka.ts'
import { aCommand, inShort, readCases, sendCommands } from '../../support/sharing/cases.ts'
import { openTopics } from '../../support/sharing/ownTopics.ts'
import { sharedServers } from '../../support/shared.ts'
import { untilTrue } from '../../support/until.ts'

const learnedAt = Date.UTC(2026, 0, 5)
const now = (): number => learnedAt + 1
const monotonic = (): number => performance.now()
const silent = { onCommands: () => undefined, onCases: () => undefined, onWritten: () => undefined }
const throwing = {
  onCrash: (error: Error): void => {
    throw error
  },
}

describe('two who each believe to be the one writer', () => {
  it('never fork the log: the one who was held up is refused, and reads again before it goes on', async () => {
    const own = await openTopics(sharedServers())
    const codec = createCaseEntryCodec(own.schemas)
    const failures: unknown[] = []
    let hold = false
    let isHeld = false
    let letGo = (): void => undefined
    const released = new Promise<void>((resolve) => (letGo = resolve))

    const heldUp = createSoleWriter({
      ...throwing,
      consumer: own.kafka.consumer({ ...own.consumerOptions, groupId: own.groupId }),
      groupId: own.groupId,
      topic: own.topics.caseCommands,
      createProducer: () => createSoleProducer(own.kafka, `sluice-writer-of-${own.topics.cases}`),
      openLedger: async () => {
        const cases = await openWholeTopic(own.kafka, own.topics.cases, readingGroup(own.groupId))
        const decode = createCaseCommandDecoder(own.decoderDeps)
        const ledger = createCaseLedger(
          { ...silent, topics: own.topics, codec, decode, now },
          await cases.catchUp(),
        )
        await cases.close()
        return {
          ...ledger,
          take: async (records) => {
            const writing = await ledger.take(records)
            isHeld = hold
            if (hold) await released
            return writing
          },
        }
      },
      tickMs: 50,
      retryPauseMs: 100,
      standBackMs: 500,
      monotonic,
      onOwning: () => undefined,
      onFailure: (error) => failures.push(error),
    })
    await heldUp.start()
    await sendCommands(own, [aCommand({ learnedAt })])
    await untilTrue(async () => (await readCases(own)).length === 1)
    hold = true
    await sendCommands(own, [aCommand({ kind: 'ADVANCE', state: 'VERIFIED' })])
    await untilTrue(() => isHeld)

    // As after a rebalance that the held-up one did not hear of: another one takes over, and does the same command.
    let taken = 0
    const other = createCaseLog({
      ...own,
      ...throwing,
      ...silent,
      groupId: `${own.groupId}-other`,
      sessionTimeoutMs: 6_000,
      tickMs: 50,
      now,
      monotonic,
      onWritten: (entries) => (taken += entries.length),
      onOwning: () => undefined,
      onFailure: (error) => failures.push(error),
    })
    await other.start()
    await untilTrue(() => taken === 1)
    expect(failures).toEqual([])
    hold = false
    letGo()
    await untilTrue(() => failures.length > 0)
    await other.stop()
    await sendCommands(own, [aCommand({ kind: 'ADVANCE', state: 'REPORTED' })])
    await untilTrue(async () => (await readCases(own)).length === 3)
    await heldUp.stop()

    const stored = await readCases(own)
    expect(inShort(stored)).toEqual(['OPENED DETECTED', 'ADVANCED VERIFIED', 'ADVANCED REPORTED'])
    expect(verifyChain(stored)).toMatchObject({ faults: [] })
    expect(failures).toHaveLength(1)
    expect(String((failures[0] as Error).cause)).toMatch(/epoch/)
  })
})
