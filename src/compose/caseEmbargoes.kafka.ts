import type { Kafka } from 'kafkajs'
import type { CaseEntry } from '../domain/case.ts'
import { noEntry, type Head } from '../intel/cases/chain.ts'
import { createRegister } from '../intel/cases/register.ts'
import { embargoesOf, type Embargoes } from '../intel/out/embargo.ts'
import type { Codec } from '../stream/codec/codec.ts'
import { openWholeTopic } from '../stream/wholeTopic.kafka.ts'
import { followingEntry } from './caseEntries.ts'
import { readingGroup } from './caseLog.kafka.ts'

/** The embargoes of all cases. */
export type CaseEmbargoes = {
  /** As the log has them at this moment. @throws SluiceError KAFKA_UNAVAILABLE, CASES_BROKEN: then nothing may leave */
  readonly now: () => Promise<Embargoes>
  readonly close: () => Promise<void>
}

export type CaseEmbargoesDeps = {
  readonly kafka: Kafka
  readonly groupId: string
  readonly cases: string
  readonly codec: Codec<CaseEntry>
  readonly refOf: (paymentId: string) => string
}

export const openCaseEmbargoes = async (deps: CaseEmbargoesDeps): Promise<CaseEmbargoes> => {
  const topic = await openWholeTopic(deps.kafka, deps.cases, readingGroup(deps.groupId))
  const register = createRegister()
  let head: Head = noEntry
  return {
    now: async () => {
      for (const record of await topic.catchUp()) {
        const { entry, hash } = followingEntry(record, deps.codec, head)
        register.add(entry)
        head = { sequence: entry.sequence, hash }
      }
      return embargoesOf(register.cases(), deps.refOf)
    },
    close: topic.close,
  }
}
