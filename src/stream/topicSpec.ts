/** A topic as it should be. */
export type TopicSpec = {
  readonly name: string
  readonly partitions: number
  /** The topic whose number of partitions this one must share, whatever it is. */
  readonly partitionsAs: string | null
  readonly config: Readonly<Record<string, string>>
}

const plainNames = {
  payments: 'payments',
  accountEvents: 'account-events',
  deviceHealth: 'device-health',
  vulnerabilities: 'vulnerabilities',
  threatIntel: 'threat-intel',
  riskFeedback: 'risk-feedback',
  decisions: 'decisions',
  audit: 'audit',
  bundles: 'bundles',
  notices: 'notices',
  deadLetters: 'dead-letters',
  intelOut: 'intel-out',
  intelHeld: 'intel-held',
  policyLists: 'policy-lists',
  cases: 'cases',
  caseCommands: 'case-commands',
} as const

export type TopicNames = Readonly<Record<keyof typeof plainNames, string>>

/** The names of all topics, each with the prefix before it. */
export const topicNames = (prefix: string): TopicNames => ({
  payments: prefix + plainNames.payments,
  accountEvents: prefix + plainNames.accountEvents,
  deviceHealth: prefix + plainNames.deviceHealth,
  vulnerabilities: prefix + plainNames.vulnerabilities,
  threatIntel: prefix + plainNames.threatIntel,
  riskFeedback: prefix + plainNames.riskFeedback,
  decisions: prefix + plainNames.decisions,
  audit: prefix + plainNames.audit,
  bundles: prefix + plainNames.bundles,
  notices: prefix + plainNames.notices,
  deadLetters: prefix + plainNames.deadLetters,
  intelOut: prefix + plainNames.intelOut,
  intelHeld: prefix + plainNames.intelHeld,
  policyLists: prefix + plainNames.policyLists,
  cases: prefix + plainNames.cases,
  caseCommands: prefix + plainNames.caseCommands,
})

export type TopicOptions = {
  readonly prefix: string
  /** Partitions of `payments`, and so of `decisions`; the side topics get as many. */
  readonly partitions: number
  /** How far back histories reach. */
  readonly historyRetentionDays: number
}

const dayMs = 86_400_000
/** A history is rebuilt from topics, so they outlast it by more than a long weekend's outage. */
const spareDays = 7
/** A dead letter holds a record of the largest size that a broker takes by default, and its headers. */
const deadLetterMaxBytes = 2_097_152

const keptFor = (days: number) => ({
  'cleanup.policy': 'delete',
  'retention.ms': String(days * dayMs),
})
const compacted = { 'cleanup.policy': 'compact' } as const
/**
 * What comes from outside. The broker's clock: a sender cannot choose the time that bounds its payment's place in the
 * windows. The broker unpacks what a sender compressed: kafkajs reads gzip only, ends at anything else and would do so
 * again, and unpacks without a limit, while the broker then takes nothing larger than `max.message.bytes`.
 */
const fromOutside = {
  'message.timestamp.type': 'LogAppendTime',
  'compression.type': 'uncompressed',
} as const

/** Every topic that Sluice reads or writes. */
export const topicSpecs = ({
  prefix,
  partitions,
  historyRetentionDays,
}: TopicOptions): readonly TopicSpec[] => {
  const names = topicNames(prefix)
  const asHistory = keptFor(historyRetentionDays + spareDays)
  const many = { partitions, partitionsAs: null }
  const one = { partitions: 1, partitionsAs: null }
  return [
    { name: names.payments, ...many, config: { ...asHistory, ...fromOutside } },
    { name: names.accountEvents, ...many, config: { ...asHistory, ...fromOutside } },
    { name: names.deviceHealth, ...many, config: { ...asHistory, ...fromOutside } },
    { name: names.vulnerabilities, ...one, config: { ...compacted, ...fromOutside } },
    { name: names.threatIntel, ...one, config: { ...compacted, ...fromOutside } },
    { name: names.riskFeedback, ...many, config: { ...asHistory, ...fromOutside } },
    { name: names.decisions, partitions, partitionsAs: names.payments, config: asHistory },
    { name: names.audit, ...many, config: keptFor(90) },
    // What the places of an audit record's features mean, for as long as there are such records, and beyond.
    { name: names.bundles, ...one, config: compacted },
    { name: names.notices, ...many, config: keptFor(7) },
    {
      name: names.deadLetters,
      ...many,
      config: { ...keptFor(30), 'max.message.bytes': String(deadLetterMaxBytes) },
    },
    // A label may be taken back long after it was given: the newest version of each object stays.
    { name: names.intelOut, ...one, config: compacted },
    { name: names.intelHeld, ...one, config: compacted },
    { name: names.policyLists, ...one, config: { ...compacted, ...fromOutside } },
    { name: names.cases, ...one, config: { 'cleanup.policy': 'delete', 'retention.ms': '-1' } },
    { name: names.caseCommands, ...one, config: { ...keptFor(30), ...fromOutside } },
  ]
}

/** A topic as a broker describes it. */
export type FoundTopic = {
  readonly name: string
  readonly partitions: number
  readonly config: Readonly<Record<string, string>>
}

/** More of these does no harm; -1 means without end. */
const atLeast: ReadonlySet<string> = new Set(['retention.ms', 'max.message.bytes'])

const satisfies = (key: string, expected: string, found: string): boolean => {
  if (found === expected) return true
  if (!atLeast.has(key)) return false
  return found === '-1' || (expected !== '-1' && Number(found) >= Number(expected))
}

/** One thing in which a topic is not as it should be. */
export type TopicDifference =
  | { readonly kind: 'missing'; readonly topic: string }
  | {
      readonly kind: 'partitions'
      readonly topic: string
      readonly found: number
      readonly expected: number
      /** The topic that has as many as this one should. */
      readonly as: string
    }
  | {
      readonly kind: 'setting'
      readonly topic: string
      readonly setting: string
      /** null: not set. */
      readonly found: string | null
      readonly expected: string
      /** More than expected does no harm. */
      readonly atLeast: boolean
    }

const settingDifferences = (spec: TopicSpec, found: FoundTopic): readonly TopicDifference[] =>
  Object.entries(spec.config)
    .filter(([key, expected]) => !satisfies(key, expected, found.config[key] ?? ''))
    .map(([key, expected]) => ({
      kind: 'setting',
      topic: spec.name,
      setting: key,
      found: found.config[key] ?? null,
      expected,
      atLeast: atLeast.has(key),
    }))

/**
 * What differs between the topics as they should be and as they are; empty when nothing does.
 * The number of partitions is the operator's choice, except where one topic must have as many as another.
 */
export const topicDifferences = (
  specs: readonly TopicSpec[],
  found: readonly FoundTopic[],
): readonly TopicDifference[] => {
  const byName = new Map(found.map((topic) => [topic.name, topic]))
  return specs.flatMap((spec): readonly TopicDifference[] => {
    const topic = byName.get(spec.name)
    if (topic === undefined) return [{ kind: 'missing', topic: spec.name }]
    const model = spec.partitionsAs === null ? undefined : byName.get(spec.partitionsAs)
    const settings = settingDifferences(spec, topic)
    if (model === undefined || model.partitions === topic.partitions) return settings
    const [has, wanted] = [topic.partitions, model.partitions]
    return [
      { kind: 'partitions', topic: spec.name, found: has, expected: wanted, as: model.name },
      ...settings,
    ]
  })
}

const inWords = (difference: TopicDifference): string => {
  const { topic } = difference
  switch (difference.kind) {
    case 'missing':
      return `${topic}: does not exist`
    case 'partitions':
      return `${topic}: has ${difference.found} partitions, expected ${difference.expected} as ${difference.as} has`
    case 'setting':
      return `${topic}: ${difference.setting} is ${difference.found ?? 'not set'}, expected ${difference.atLeast ? 'at least ' : ''}${difference.expected}`
  }
}

/** The differences in words, for people. */
export const topicMismatches = (
  specs: readonly TopicSpec[],
  found: readonly FoundTopic[],
): readonly string[] => topicDifferences(specs, found).map(inWords)
