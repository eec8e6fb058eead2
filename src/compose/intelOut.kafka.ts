import type { Kafka } from 'kafkajs'
import { createKeyedHash } from '../intel/out/keyedHash.ts'
import { createPreface } from '../intel/out/preface.ts'
import { markingOf, type Tlp } from '../intel/out/tlp.ts'
import { createCaseEntryCodec } from '../stream/codec/caseEntry.ts'
import { createRiskFeedbackDecoder, type FeedbackDecoderDeps } from '../stream/codec/riskFeedback.ts'
import { soleAssigner } from '../stream/soleAssigner.kafka.ts'
import { createSoleProducer } from '../stream/soleProducer.kafka.ts'
import { createSoleWriter, type SoleWriter, type SoleWriterDeps } from '../stream/soleWriter.kafka.ts'
import type { TopicNames } from '../stream/topicSpec.ts'
import { openWholeTopic } from '../stream/wholeTopic.kafka.ts'
import { openCaseEmbargoes } from './caseEmbargoes.kafka.ts'
import { readingGroup } from './caseLog.kafka.ts'
import { createIntelLedger, type IntelLedgerDeps, type Left } from './intelLedger.ts'

export type IntelOutDeps = Pick<IntelLedgerDeps, 'now' | 'onPublished' | 'onHeld' | 'delayMs'> &
  Pick<SoleWriterDeps, 'onOwning' | 'onFailure' | 'onCrash' | 'monotonic'> & {
    readonly kafka: Kafka
    readonly consumerOptions: Omit<Parameters<Kafka['consumer']>[0], 'groupId'>
    /** Of the instance's payments; the sharing's own is made from it. */
    readonly groupId: string
    readonly topics: TopicNames
    readonly decoderDeps: FeedbackDecoderDeps
    readonly sessionTimeoutMs: number
    readonly tickMs: number
    /** For sharing alone. */
    readonly key: Buffer
    /** The name under which this institution shares. */
    readonly institution: string
    readonly tlp: Tlp
  }

const retryPauseMs = 1_000

/**
 * Takes labels from `risk-feedback` and writes `intel-out`. One instance of a group does it for all partitions, as an
 * indicator stands on the labels of many accounts; whoever takes over reads what was published and what is kept back.
 */
export const createIntelOut = (deps: IntelOutDeps): SoleWriter => {
  const { kafka, topics, decoderDeps } = deps
  const groupId = `${deps.groupId}-intel-out`
  const keyedHash = createKeyedHash(deps.key)
  const preface = createPreface(deps.institution)
  const sharer = { ...preface, keyId: keyedHash.keyId, markingRef: markingOf(deps.tlp) }
  const decode = createRiskFeedbackDecoder(decoderDeps)
  const codec = createCaseEntryCodec(decoderDeps.schemas)

  const readAll = async (topic: string) => {
    const whole = await openWholeTopic(kafka, topic, readingGroup(groupId))
    try {
      return await whole.catchUp()
    } finally {
      await whole.close()
    }
  }
  const readLeft = async (): Promise<Left> => ({
    intelOut: await readAll(topics.intelOut),
    intelHeld: await readAll(topics.intelHeld),
  })

  return createSoleWriter({
    ...deps,
    consumer: kafka.consumer({ ...deps.consumerOptions, groupId, partitionAssigners: [soleAssigner] }),
    groupId,
    topic: topics.riskFeedback,
    createProducer: () => createSoleProducer(kafka, `sluice-writer-of-${topics.intelOut}`),
    openLedger: async () => {
      const left = await readLeft()
      const embargoes = await openCaseEmbargoes({
        kafka,
        groupId,
        cases: topics.cases,
        codec,
        refOf: (paymentId) => keyedHash.hash('payment', paymentId),
      })
      try {
        return createIntelLedger({ ...deps, decode, keyedHash, preface, sharer, embargoes }, left)
      } catch (error) {
        await embargoes.close()
        throw error
      }
    },
    retryPauseMs,
    standBackMs: deps.sessionTimeoutMs,
  })
}
