import { randomBytes } from 'node:crypto'
import type { Kafka } from 'kafkajs'
import { createCaseCommandDecoder } from '../stream/codec/caseCommand.ts'
import { createCaseEntryCodec } from '../stream/codec/caseEntry.ts'
import type { SideDecoderDeps } from '../stream/codec/sideDecoder.ts'
import { soleAssigner } from '../stream/soleAssigner.kafka.ts'
import { createSoleProducer } from '../stream/soleProducer.kafka.ts'
import { createSoleWriter, type SoleWriter, type SoleWriterDeps } from '../stream/soleWriter.kafka.ts'
import type { TopicNames } from '../stream/topicSpec.ts'
import { openWholeTopic } from '../stream/wholeTopic.kafka.ts'
import { createCaseLedger, type CaseLedgerDeps } from './caseLedger.ts'

export type CaseLogDeps = Pick<CaseLedgerDeps, 'now' | 'onWritten' | 'onCommands' | 'onCases'> &
  Pick<SoleWriterDeps, 'onOwning' | 'onFailure' | 'onCrash' | 'monotonic'> & {
    readonly kafka: Kafka
    readonly consumerOptions: Omit<Parameters<Kafka['consumer']>[0], 'groupId'>
    /** Of the instance's payments; the case log's own is made from it. */
    readonly groupId: string
    readonly topics: TopicNames
    readonly decoderDeps: SideDecoderDeps
    readonly sessionTimeoutMs: number
    readonly tickMs: number
  }

const retryPauseMs = 1_000
const runBytes = 6

/** A group for one reading; deleted afterwards. */
export const readingGroup = (groupId: string): string => `${groupId}-${randomBytes(runBytes).toString('hex')}`

/**
 * Takes commands from `case-commands` and writes `cases`. All instances of a group run it; the one that has the
 * partition of `case-commands` writes, and whoever takes over reads the whole log first.
 */
export const createCaseLog = (deps: CaseLogDeps): SoleWriter => {
  const { kafka, topics } = deps
  const groupId = `${deps.groupId}-cases`
  const codec = createCaseEntryCodec(deps.decoderDeps.schemas)
  const decode = createCaseCommandDecoder(deps.decoderDeps)
  return createSoleWriter({
    ...deps,
    consumer: kafka.consumer({ ...deps.consumerOptions, groupId, partitionAssigners: [soleAssigner] }),
    groupId,
    topic: topics.caseCommands,
    // Of the topic, not of the group: two groups that were told to write to one log must not fork it either.
    createProducer: () => createSoleProducer(kafka, `sluice-writer-of-${topics.cases}`),
    openLedger: async () => {
      const cases = await openWholeTopic(kafka, topics.cases, readingGroup(groupId))
      try {
        return createCaseLedger({ ...deps, codec, decode }, await cases.catchUp())
      } finally {
        await cases.close()
      }
    },
    retryPauseMs,
    standBackMs: deps.sessionTimeoutMs,
  })
}
