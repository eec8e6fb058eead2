import type { Kafka } from 'kafkajs'
import type { Vulnerability } from '../../domain/vulnerability.ts'
import { acknowledged } from '../../stream/acknowledged.kafka.ts'
import { createProducer } from '../../stream/producer.kafka.ts'
import { partsOf } from '../../stream/requests.ts'

export type PublishDeps = {
  readonly kafka: Kafka
  readonly topic: string
  readonly encode: (vulnerability: Vulnerability) => Buffer
  /** Told how many the broker has taken over. */
  readonly onProgress: (published: number) => void
}

/** Resolves when the broker has all of them: each replaces what it had of that CVE. Rejects as kafkajs does. */
export const publishVulnerabilities = async (
  { kafka, topic, encode, onProgress }: PublishDeps,
  vulnerabilities: readonly Vulnerability[],
): Promise<void> => {
  const producer = createProducer(kafka)
  await producer.connect()
  try {
    let published = 0
    const messages = vulnerabilities.map((each) => ({ key: each.cveId, value: encode(each) }))
    for (const part of partsOf(messages)) {
      await acknowledged(producer.send({ topic, acks: -1, messages: part }), 'vulnerabilities')
      published += part.length
      onProgress(published)
    }
  } finally {
    await producer.disconnect()
  }
}
