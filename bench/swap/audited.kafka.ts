import type { Kafka } from 'kafkajs'
import { createAuditCodec } from '../../src/stream/codec/audit.ts'
import { loadSchemas, ownSchemasFolder } from '../../src/stream/codec/schemas.file.ts'
import { readTopic } from '../../test/support/topicReader.ts'
import { untilTrue } from '../../test/support/until.ts'
import type { Sound } from './models.file.ts'

/** What the audit records say of who decided. */
export type Audited = {
  readonly decisions: number
  /** By a bundle that is not among the sound ones. */
  readonly unsound: number
  /** With a probability that the bundle's model does not give for the row. */
  readonly otherwise: number
  readonly byBundle: Readonly<Record<string, number>>
}

/** Decides again, beside, each of the first `count` payments in the topic. */
export const auditTopic = async (
  kafka: Kafka,
  topic: string,
  count: number,
  sound: readonly Sound[],
): Promise<Audited> => {
  const codec = createAuditCodec(await loadSchemas(ownSchemasFolder))
  const bundles = new Map(sound.map(({ known }) => [known.bundleHash, known]))
  const byBundle: Record<string, number> = {}
  let [decisions, unsound, otherwise] = [0, 0, 0]
  let failure: Error | null = null
  const reader = await readTopic(
    kafka,
    topic,
    ({ value }) => {
      const audit = codec.decode(value ?? Buffer.alloc(0))
      const known = bundles.get(audit.decision.bundleHash)
      decisions++
      byBundle[audit.decision.bundleHash] = (byBundle[audit.decision.bundleHash] ?? 0) + 1
      if (known === undefined) unsound++
      else if (known.probabilityOf(audit) !== audit.decision.probability) otherwise++
    },
    (error) => (failure = error),
  )
  await untilTrue(() => {
    if (failure !== null) throw failure
    return decisions >= count
  })
  await reader.close()
  return { decisions, unsound, otherwise, byBundle }
}
