import { topicNames, type TopicNames } from './topicSpec.ts'

export type KafkaOperation = 'READ' | 'WRITE' | 'DELETE'

/** READ and WRITE include DESCRIBE. */
export type KafkaRight = {
  readonly resource: 'TOPIC' | 'GROUP' | 'TRANSACTIONAL_ID'
  /** PREFIXED: all names that begin so. */
  readonly pattern: 'LITERAL' | 'PREFIXED'
  readonly name: string
  readonly operation: KafkaOperation
  readonly purpose: string
  readonly needed: 'always' | 'for exactly-once' | 'for sharing'
}

type TopicUse = Readonly<
  Partial<Record<'READ' | 'WRITE', string>> & { readonly needed?: KafkaRight['needed'] }
>

const topicUses: Readonly<Partial<Record<keyof TopicNames, TopicUse>>> = {
  payments: { READ: 'what is to be decided' },
  accountEvents: { READ: 'log-ins and changes of accounts' },
  riskFeedback: { READ: 'what became of payments' },
  deviceHealth: { READ: 'what devices report' },
  vulnerabilities: { READ: 'holes in systems' },
  threatIntel: { READ: 'indicators of others' },
  policyLists: { READ: 'who is listed' },
  caseCommands: { READ: 'what is asked of the case log' },
  decisions: {
    READ: 'after a restart: what was answered already',
    WRITE: 'the answers',
  },
  audit: { WRITE: 'what made an answer' },
  bundles: { WRITE: 'what the features of audit records are' },
  notices: { WRITE: 'what people are told' },
  deadLetters: { WRITE: 'what could not be read' },
  cases: { READ: 'the case log so far', WRITE: 'the case log' },
  intelOut: { READ: 'what was shared so far', WRITE: 'what is shared', needed: 'for sharing' },
  intelHeld: { READ: 'labels that are kept back', WRITE: 'labels that are kept back', needed: 'for sharing' },
}

const ofTopics = (topics: TopicNames): readonly KafkaRight[] =>
  Object.entries(topicUses).flatMap(([topic, { needed = 'always', ...uses }]) =>
    (['READ', 'WRITE'] as const).flatMap((operation) => {
      const purpose = uses[operation]
      const name = topics[topic as keyof TopicNames]
      return purpose === undefined
        ? []
        : [{ resource: 'TOPIC', pattern: 'LITERAL', name, operation, purpose, needed } as const]
    }),
  )

/** All that `sluice run` asks of Kafka's access control lists, as data: of one group, under a prefix of topics. */
export const kafkaRights = (topicPrefix: string, groupId: string): readonly KafkaRight[] => {
  const topics = topicNames(topicPrefix)
  const group = { resource: 'GROUP', pattern: 'PREFIXED', name: groupId } as const
  const id = { resource: 'TRANSACTIONAL_ID', operation: 'WRITE' } as const
  return [
    ...ofTopics(topics),
    {
      ...group,
      operation: 'READ',
      purpose: 'the group of payments and those beside it, whose names begin with its name',
      needed: 'always',
    },
    { ...group, operation: 'DELETE', purpose: 'groups of one instance end with it', needed: 'always' },
    {
      ...id,
      pattern: 'LITERAL',
      name: `sluice-writer-of-${topics.cases}`,
      purpose: 'only one instance writes the case log',
      needed: 'always',
    },
    {
      ...id,
      pattern: 'LITERAL',
      name: `sluice-writer-of-${topics.intelOut}`,
      purpose: 'only one instance shares',
      needed: 'for sharing',
    },
    {
      ...id,
      pattern: 'PREFIXED',
      name: `${groupId}-${topics.payments}-`,
      purpose: 'answers and offsets in one transaction',
      needed: 'for exactly-once',
    },
  ]
}
