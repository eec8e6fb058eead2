import type { Fault } from './plant.ts'

const publisher = 'test/unit/stream/publisher.test.ts'
const config = 'test/unit/config/config.test.ts'

/** Of what counts as sent, and of what an instance starts on: each was seen to be caught. */
export const deliveryFaults: readonly Fault[] = [
  {
    name: 'delivery: only decisions are looked for in what brokers took',
    file: 'src/stream/publisher.kafka.ts',
    original: 'const taken = positionsTaken(topic, messages, sent)',
    replacement: 'const taken = topic === decisions ? positionsTaken(topic, messages, sent) : []',
    tests: [publisher],
  },
  {
    name: 'delivery: what another topic took counts for this one',
    file: 'src/stream/taken.ts',
    original: 'each.topicName === topic && ',
    replacement: '',
    tests: [publisher],
  },
  {
    name: 'delivery: a keyless record is sent elsewhere when it is tried again',
    file: 'src/stream/partitioner.ts',
    original: '(asked.message.partition ??= choose(asked))',
    replacement: 'asked.message.partition ?? choose(asked)',
    tests: ['test/unit/stream/partitioner.test.ts'],
  },
  {
    name: 'delivery: too few partitions of decisions stop nobody',
    file: 'src/stream/startTopics.ts',
    original: 'answers < asked',
    replacement: 'answers > asked',
    tests: ['test/unit/stream/startTopics.test.ts'],
  },
  {
    name: 'delivery: Redis may be waited for longer than a transaction lasts',
    file: 'src/config.ts',
    original: 'parsed.data.redisTimeoutMs >= transactionPatienceMs',
    replacement: 'parsed.data.redisTimeoutMs > transactionPatienceMs',
    tests: [config],
  },
]
