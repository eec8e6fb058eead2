import {
  topicDifferences,
  type FoundTopic,
  type TopicDifference,
  type TopicSpec,
} from '../../stream/topicSpec.ts'
import { failed, ok, warning, type Finding } from './finding.ts'

export type KafkaFacts =
  | { readonly reachable: false; readonly brokers: readonly string[]; readonly reason: string }
  | {
      readonly reachable: true
      readonly brokers: readonly string[]
      readonly topics: readonly FoundTopic[]
    }

/** What goes wrong while these settings are; those that are not here lose records. */
const bearable: Readonly<Partial<Record<string, string>>> = {
  'retention.ms': 'histories cannot be rebuilt from what is deleted too early',
  'message.timestamp.type': 'senders choose the time that bounds where a payment stands in the windows',
  'compression.type': 'a sender that compresses otherwise than by gzip ends every instance, again and again',
  'max.message.bytes': 'a large dead letter is refused',
}

const settingFinding = (difference: Extract<TopicDifference, { readonly kind: 'setting' }>): Finding => {
  const { topic, setting, found, expected, atLeast } = difference
  const harm = bearable[setting]
  const wanting = {
    found: found ?? 'not set',
    expected: `${atLeast ? 'at least ' : ''}${expected}`,
    advice:
      `kafka-configs.sh --alter --entity-type topics --entity-name ${topic} --add-config ${setting}=${expected}` +
      (harm === undefined ? '' : `; until then ${harm}`),
  }
  const check = `kafka: ${topic}: ${setting}`
  return harm === undefined ? failed(check, wanting) : warning(check, wanting)
}

const differenceFinding = (difference: TopicDifference): Finding => {
  const { topic } = difference
  switch (difference.kind) {
    case 'missing':
      return failed(`kafka: ${topic}`, {
        found: 'does not exist',
        expected: 'exists',
        advice: 'sluice topics create',
      })
    case 'partitions':
      return failed(`kafka: ${topic}: partitions`, {
        found: String(difference.found),
        expected: `${difference.expected}, as ${difference.as} has`,
        advice:
          difference.found < difference.expected
            ? `kafka-topics.sh --alter --topic ${topic} --partitions ${difference.expected}`
            : `make ${topic} anew: partitions cannot be taken away, and adding some to ${difference.as} moves accounts`,
      })
    case 'setting':
      return settingFinding(difference)
  }
}

const topicFindings = (specs: readonly TopicSpec[], topics: readonly FoundTopic[]): readonly Finding[] => {
  const differences = topicDifferences(specs, topics)
  const partitions = new Map(topics.map((topic) => [topic.name, topic.partitions]))
  return specs.flatMap(({ name }) => {
    const own = differences.filter(({ topic }) => topic === name)
    if (own.length > 0) return own.map(differenceFinding)
    const found = `partitions: ${partitions.get(name) ?? 0}, settings as they should be`
    return [ok(`kafka: ${name}`, { found, expected: 'as sluice topics create makes it' })]
  })
}

export const kafkaFindings = (specs: readonly TopicSpec[], facts: KafkaFacts): readonly Finding[] => {
  const expected = 'answers'
  const brokers = facts.brokers.join(', ')
  if (!facts.reachable)
    return [
      failed('kafka: reachable', {
        found: `${brokers}: ${facts.reason}`,
        expected,
        advice: 'start Kafka, or set SLUICE_KAFKA_BROKERS to where it is',
      }),
    ]
  return [
    ok('kafka: reachable', { found: `${brokers}: answers`, expected }),
    ...topicFindings(specs, facts.topics),
  ]
}
