import { hostname } from 'node:os'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { redisUrlsOf } from './redisUrls.ts'

/** What the README's table says of one key. */
export type KeyDescription = {
  /** The environment variable without its prefix. */
  readonly variable: string
  readonly default: string
  /** How the default reads in the table, where it depends on the machine. */
  readonly defaultShown?: string
  readonly unit: string
  readonly meaning: string
  /** May hold a password: its value is never repeated in a message. */
  readonly sensitive?: true
}

export const prefix = 'SLUICE_'
export const keyDescriptions = z.registry<KeyDescription>()

const packageFolder = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url))

// Each schema reads the variable's text; its description says what is expected and is the error's text too.
const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/)
    .transform(Number)
    .pipe(z.int().min(min).max(max))
    .describe(`a whole number from ${min} to ${max}`)

const decimal = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+(\.\d+)?$/)
    .transform(Number)
    .pipe(z.number().min(min).max(max))
    .describe(`a number from ${min} to ${max}`)

const oneOf = <const T extends readonly [string, ...string[]]>(choices: T) =>
  z.enum(choices).describe(`one of ${choices.join(', ')}`)

const matching = (pattern: RegExp, expected: string) => z.string().regex(pattern).describe(expected)

const token = (length: number) =>
  matching(new RegExp(`^[A-Za-z0-9._-]{1,${length}}$`), `1 to ${length} letters, digits, dots, hyphens or _`)

const hostPort = /^(\[[0-9A-Fa-f:]+\]|[A-Za-z0-9._-]+):\d{1,5}$/

const brokerList = () =>
  z
    .string()
    .transform((text) => text.split(',').map((broker) => broker.trim()))
    .pipe(z.array(z.string().regex(hostPort)).min(1))
    .readonly()
    .describe('host:port, several separated by commas')

const redisUrl = () =>
  z
    .string()
    .refine((text) => redisUrlsOf(text) !== null)
    .describe('a URL that begins with redis:// or rediss://; nodes of a cluster are separated by commas')

const list = () =>
  z
    .string()
    .transform((text) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    )
    .readonly()
    .describe('names, separated by commas')

/** `at-least-once` may repeat an answer, byte for byte, after a failure. */
const deliveries = ['at-least-once', 'exactly-once'] as const

const folder = () => z.string().min(1).describe('a folder')

const optionalFile = () => z.string().describe('a file')

/** The mechanisms of SASL that never send the password itself. */
export const saslMechanisms = ['none', 'scram-sha-256', 'scram-sha-512'] as const

/** Every key that is no secret: one line of the table in the README each, in its order. */
export const settingsSchema = z.object({
  kafkaBrokers: brokerList().register(keyDescriptions, {
    variable: 'KAFKA_BROKERS',
    default: '127.0.0.1:9092',
    unit: 'host:port, ...',
    meaning: 'Kafka brokers to begin with',
  }),
  kafkaTls: oneOf(['off', 'on'])
    .transform((text) => text === 'on')
    .describe('on or off')
    .register(keyDescriptions, {
      variable: 'KAFKA_TLS',
      default: 'off',
      unit: 'on, off',
      meaning: 'connect to Kafka over TLS; the certificate of a broker must be for the host it is reached by',
    }),
  kafkaTlsCaFile: optionalFile().register(keyDescriptions, {
    variable: 'KAFKA_TLS_CA_FILE',
    default: '',
    unit: 'file',
    meaning:
      'certificates, PEM, of those who sign certificates of brokers; read again at each connection; empty: those that Node trusts',
  }),
  kafkaTlsCertFile: optionalFile().register(keyDescriptions, {
    variable: 'KAFKA_TLS_CERT_FILE',
    default: '',
    unit: 'file',
    meaning: 'our own certificate, PEM, for mutual TLS, with those between it and the authority',
  }),
  kafkaTlsKeyFile: optionalFile().register(keyDescriptions, {
    variable: 'KAFKA_TLS_KEY_FILE',
    default: '',
    unit: 'file',
    meaning: 'private key of that certificate, PEM, without a password',
  }),
  kafkaSaslMechanism: oneOf(saslMechanisms).register(keyDescriptions, {
    variable: 'KAFKA_SASL_MECHANISM',
    default: 'none',
    unit: saslMechanisms.join(', '),
    meaning: 'how we prove to Kafka who we are; with `SLUICE_KAFKA_PASSWORD`',
  }),
  kafkaSaslUser: z.string().max(256).describe('up to 256 characters').register(keyDescriptions, {
    variable: 'KAFKA_SASL_USER',
    default: '',
    unit: 'name',
    meaning: 'user in Kafka, for SCRAM',
  }),
  kafkaClientId: token(100).register(keyDescriptions, {
    variable: 'KAFKA_CLIENT_ID',
    default: 'sluice',
    unit: 'name',
    meaning: "name of this client in the brokers' logs and quotas",
  }),
  groupId: token(200).register(keyDescriptions, {
    variable: 'GROUP_ID',
    default: 'sluice',
    unit: 'name',
    meaning: 'consumer group: the instances of one group share the partitions of `payments`',
  }),
  instanceId: token(100).register(keyDescriptions, {
    variable: 'INSTANCE_ID',
    default: `${
      hostname()
        .slice(0, 80)
        .replaceAll(/[^A-Za-z0-9._-]/g, '-') || 'sluice'
    }-${process.pid}`,
    defaultShown: 'host name and process id',
    unit: 'name',
    meaning: 'name of this instance in logs and in groups of its own',
  }),
  topicPrefix: matching(/^[A-Za-z0-9._-]{0,100}$/, 'up to 100 letters, digits, dots, hyphens or _').register(
    keyDescriptions,
    {
      variable: 'TOPIC_PREFIX',
      default: '',
      unit: 'text',
      meaning: 'stands before the name of each topic, as in `test.payments`',
    },
  ),
  redisUrl: redisUrl().register(keyDescriptions, {
    variable: 'REDIS_URL',
    default: 'redis://127.0.0.1:6379',
    unit: 'URL',
    meaning:
      'Redis that holds histories, device states and the journal; nodes of a cluster as `redis://host:port,host:port`; the password is better in `SLUICE_REDIS_PASSWORD_FILE`',
    sensitive: true,
  }),
  redisTlsCaFile: optionalFile().register(keyDescriptions, {
    variable: 'REDIS_TLS_CA_FILE',
    default: '',
    unit: 'file',
    meaning:
      'certificates, PEM, of those who sign certificates of Redis (`rediss://`); read again at each connection; empty: those that Node trusts',
  }),
  redisTlsCertFile: optionalFile().register(keyDescriptions, {
    variable: 'REDIS_TLS_CERT_FILE',
    default: '',
    unit: 'file',
    meaning: 'our own certificate, PEM, where Redis asks for one (`tls-auth-clients`)',
  }),
  redisTlsKeyFile: optionalFile().register(keyDescriptions, {
    variable: 'REDIS_TLS_KEY_FILE',
    default: '',
    unit: 'file',
    meaning: 'private key of that certificate, PEM, without a password',
  }),
  redisTimeoutMs: wholeNumber(1, 60_000).register(keyDescriptions, {
    variable: 'REDIS_TIMEOUT_MS',
    default: '250',
    unit: 'ms',
    meaning: 'after this a Redis command counts as failed and its features as not known; below the deadline',
  }),
  modelsDir: folder().register(keyDescriptions, {
    variable: 'MODELS_DIR',
    default: packageFolder('models'),
    defaultShown: "the package's `models/`",
    unit: 'folder',
    meaning: 'models, `active.json` and `policy.yaml`',
  }),
  modelsPollMs: wholeNumber(50, 3_600_000).register(keyDescriptions, {
    variable: 'MODELS_POLL_MS',
    default: '500',
    unit: 'ms',
    meaning: 'how often the models folder is looked at for another `active.json`',
  }),
  shadowBudgetMs: wholeNumber(1, 10_000).register(keyDescriptions, {
    variable: 'SHADOW_BUDGET_MS',
    default: '10',
    unit: 'ms',
    meaning:
      'models in shadow are left out of payments that the instance has had for longer than this, and waited for no longer than this',
  }),
  driftWindowMs: wholeNumber(60_000, 604_800_000).register(keyDescriptions, {
    variable: 'DRIFT_WINDOW_MS',
    default: '3600000',
    unit: 'ms',
    meaning: 'sliding window over which features and scores are compared with those of the training',
  }),
  driftLimit: decimal(0.001, 100).register(keyDescriptions, {
    variable: 'DRIFT_LIMIT',
    default: '0.25',
    unit: 'PSI',
    meaning: 'a feature or score that moved further is flagged in `/health`: 0.1 is slight, 0.25 is large',
  }),
  probationMs: wholeNumber(0, 86_400_000).register(keyDescriptions, {
    variable: 'PROBATION_MS',
    default: '60000',
    unit: 'ms',
    meaning:
      'so long a new bundle of model and policy is watched: if it leaves its bounds, the one before decides again; 0: never',
  }),
  probationUnscoredShare: decimal(0, 1).register(keyDescriptions, {
    variable: 'PROBATION_UNSCORED_SHARE',
    default: '0.01',
    unit: 'share',
    meaning: 'on probation: most payments that the model may leave without a probability',
  }),
  probationBlockFactor: decimal(1, 1_000_000).register(keyDescriptions, {
    variable: 'PROBATION_BLOCK_FACTOR',
    default: '3',
    unit: 'factor',
    meaning: 'on probation: how many times more, or less, than the bundle before it may block',
  }),
  modelKeysDir: z.string().describe('a folder').register(keyDescriptions, {
    variable: 'MODEL_KEYS_DIR',
    default: '',
    unit: 'folder',
    meaning:
      'public keys of those whose models may score; empty: `keys` in the models folder. Elsewhere, whoever may drop models need not be able to add keys',
  }),
  unsignedModels: oneOf(['refuse', 'allow']).register(keyDescriptions, {
    variable: 'UNSIGNED_MODELS',
    default: 'refuse',
    unit: 'refuse, allow',
    meaning:
      'what becomes of a model that no key of the ring has signed; a wrong signature is always refused',
  }),
  policyApprovals: wholeNumber(0, 10).register(keyDescriptions, {
    variable: 'POLICY_APPROVALS',
    default: '0',
    unit: 'people',
    meaning:
      'so many must have approved a policy, each with a key of their own, before it may decide; where money is at stake, 2',
  }),
  policyApproversDir: z.string().describe('a folder').register(keyDescriptions, {
    variable: 'POLICY_APPROVERS_DIR',
    default: '',
    unit: 'folder',
    meaning:
      'public keys of those who may approve a policy; empty: `approvers` in the models folder. Elsewhere, whoever may write policies need not be able to add keys',
  }),
  otherBackends: oneOf(['refuse', 'allow']).register(keyDescriptions, {
    variable: 'OTHER_BACKENDS',
    default: 'refuse',
    unit: 'refuse, allow',
    meaning:
      "where a model's pinned engine is not here in that version: not ready, or another engine that gives the golden vectors scores (differs in last digits)",
  }),
  schemasDir: folder().register(keyDescriptions, {
    variable: 'SCHEMAS_DIR',
    default: packageFolder('schemas'),
    defaultShown: "the package's `schemas/`",
    unit: 'folder',
    meaning: 'Avro schemas of all records, every version',
  }),
  deadlineMs: wholeNumber(1, 600_000).register(keyDescriptions, {
    variable: 'DEADLINE_MS',
    default: '1000',
    unit: 'ms',
    meaning:
      "a decision later than this after the record's timestamp is flagged `late`, unless the payment says otherwise",
  }),
  shedFromShare: decimal(0, 1).register(keyDescriptions, {
    variable: 'SHED_FROM_SHARE',
    default: '0.25',
    unit: 'share',
    meaning:
      'share of the deadline that payments may wait before models in shadow are left out; at twice that reasons, at three times optional features; 0: none of them for that',
  }),
  fetchMaxBytes: wholeNumber(65_536, 1_073_741_824).register(keyDescriptions, {
    variable: 'FETCH_MAX_BYTES',
    default: '4194304',
    unit: 'bytes',
    meaning:
      'most that one fetch brings from one broker; the next is sent when all of it is answered, so no more than this waits in memory',
  }),
  batchMax: wholeNumber(1, 1024).register(keyDescriptions, {
    variable: 'BATCH_MAX',
    default: '64',
    unit: 'payments',
    meaning: 'most payments in one micro-batch',
  }),
  partitionsConcurrently: wholeNumber(1, 1024).register(keyDescriptions, {
    variable: 'PARTITIONS_CONCURRENTLY',
    default: '4',
    unit: 'partitions',
    meaning: 'partitions that one instance works on at the same time',
  }),
  paceMs: wholeNumber(0, 1_000).register(keyDescriptions, {
    variable: 'PACE_MS',
    default: '8',
    unit: 'ms',
    meaning:
      'least time between two fetches while there is no backlog: payments that come together cost less; 0 for none',
  }),
  maxWaitMs: wholeNumber(1, 10_000).register(keyDescriptions, {
    variable: 'MAX_WAIT_MS',
    default: '100',
    unit: 'ms',
    meaning: 'longest that a fetch waits at the broker for a first record',
  }),
  sessionTimeoutMs: wholeNumber(1000, 300_000).register(keyDescriptions, {
    variable: 'SESSION_TIMEOUT_MS',
    default: '10000',
    unit: 'ms',
    meaning:
      "so long the partitions of a killed instance wait until another takes them; within the broker's limits",
  }),
  delivery: oneOf(deliveries).register(keyDescriptions, {
    variable: 'DELIVERY',
    default: 'at-least-once',
    unit: deliveries.join(', '),
    meaning:
      'exactly-once: answers and offsets in Kafka transactions, seen once by `read_committed` readers; slower',
  }),
  commitIntervalMs: wholeNumber(0, 60_000).register(keyDescriptions, {
    variable: 'COMMIT_INTERVAL_MS',
    default: '200',
    unit: 'ms',
    meaning: 'least time between two commits of one partition; 0 commits after each micro-batch',
  }),
  journalTtlMs: wholeNumber(1000, 604_800_000).register(keyDescriptions, {
    variable: 'JOURNAL_TTL_MS',
    default: '3600000',
    unit: 'ms',
    meaning: 'so long a payment that is sent again gets its earlier answer; about 1 KB of Redis a payment',
  }),
  copyCacheBytes: wholeNumber(0, 1_099_511_627_776).register(keyDescriptions, {
    variable: 'COPY_CACHE_BYTES',
    default: '1073741824',
    unit: 'bytes',
    meaning: 'most memory for copies of histories in this instance; what is not used for long goes first',
  }),
  copyMaxAgeMs: wholeNumber(0, 86_400_000).register(keyDescriptions, {
    variable: 'COPY_MAX_AGE_MS',
    default: '600000',
    unit: 'ms',
    meaning: 'a copy of a history older than this is read again whole',
  }),
  historyRetentionDays: wholeNumber(1, 3650).register(keyDescriptions, {
    variable: 'HISTORY_RETENTION_DAYS',
    default: '40',
    unit: 'days',
    meaning: 'how far back histories reach: at least the longest window of any model or rule',
  }),
  sideLagLimitMs: wholeNumber(1_000, 86_400_000).register(keyDescriptions, {
    variable: 'SIDE_LAG_LIMIT_MS',
    default: '30000',
    unit: 'ms',
    meaning:
      'a side topic further behind than this makes the features that depend on it not known; above the session timeout, or a killed instance is enough for that',
  }),
  attestationKeysDir: z.string().describe('a folder').register(keyDescriptions, {
    variable: 'ATTESTATION_KEYS_DIR',
    default: '',
    unit: 'folder',
    meaning:
      "key sets of those whose signed device reports count, `*.json`; read again while it runs; empty: nobody's do",
  }),
  attestationAudience: z.string().max(512).describe('a text').register(keyDescriptions, {
    variable: 'ATTESTATION_AUDIENCE',
    default: '',
    unit: 'text',
    meaning: 'audience (`aud`) that a signed device report must name; empty: none is for us',
  }),
  attestationApps: list().register(keyDescriptions, {
    variable: 'ATTESTATION_APPS',
    default: '',
    unit: 'name, ...',
    meaning:
      'our own apps: Android package names, and Apple App IDs (team, dot, bundle); an attestation of any other has failed',
  }),
  attestationMaxAgeMs: wholeNumber(1_000, 86_400_000).register(keyDescriptions, {
    variable: 'ATTESTATION_MAX_AGE_MS',
    default: '600000',
    unit: 'ms',
    meaning: 'an attestation older than this when its report arrives has expired',
  }),
  deviceSignalLifeMs: wholeNumber(60_000, 2_592_000_000).register(keyDescriptions, {
    variable: 'DEVICE_SIGNAL_LIFE_MS',
    default: '86400000',
    unit: 'ms',
    meaning: 'so long what a document about a device says holds; after that it is not known',
  }),
  contactHashKeyFile: z.string().describe('a file').register(keyDescriptions, {
    variable: 'CONTACT_HASH_KEY_FILE',
    default: '',
    unit: 'file',
    meaning:
      'key, in hexadecimal digits, of the HMAC-SHA-256 that `emailHash` and `phoneHash` of payments are; empty: they are plain SHA-256',
  }),
  maxMessageBytes: wholeNumber(256, 16_777_216).register(keyDescriptions, {
    variable: 'MAX_MESSAGE_BYTES',
    default: '65536',
    unit: 'bytes',
    meaning:
      'a record whose value is larger than this is refused as OVERSIZED, as is one with more than 64 KiB of key and headers',
  }),
  maxFutureMs: wholeNumber(0, 86_400_000).register(keyDescriptions, {
    variable: 'MAX_FUTURE_MS',
    default: '300000',
    unit: 'ms',
    meaning: 'a payment dated further ahead of its record timestamp is refused as TIME_IN_FUTURE',
  }),
  baseCurrency: matching(/^[A-Z]{3}$/, 'an ISO 4217 code of three capital letters').register(
    keyDescriptions,
    {
      variable: 'BASE_CURRENCY',
      default: 'EUR',
      unit: 'ISO 4217',
      meaning: 'currency of the amounts in histories and features',
    },
  ),
  ratesFile: z.string().describe('a file').register(keyDescriptions, {
    variable: 'RATES_FILE',
    default: '',
    unit: 'file',
    meaning: 'dated exchange rates, CSV; empty: amounts in other currencies are not known',
  }),
  osEndOfLifeDir: z.string().describe('a folder').register(keyDescriptions, {
    variable: 'OS_END_OF_LIFE_DIR',
    default: '',
    unit: 'folder',
    meaning:
      'pages of endoflife.date about operating systems (`*.md`, `*.md.gz`); empty: when their support ends is not known',
  }),
  httpPort: wholeNumber(0, 65_535).register(keyDescriptions, {
    variable: 'HTTP_PORT',
    default: '9464',
    unit: 'port',
    meaning:
      'port of `/metrics`, `/health`, `/health/live`, `/health/ready` and `/version`; 0 takes a free one',
  }),
  httpHost: matching(/^[A-Za-z0-9.:_-]{1,253}$/, 'a host name or address').register(keyDescriptions, {
    variable: 'HTTP_HOST',
    default: '127.0.0.1',
    unit: 'host',
    meaning: 'address that the HTTP server listens on; `0.0.0.0` opens it to the network',
  }),
  logLevel: oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).register(keyDescriptions, {
    variable: 'LOG_LEVEL',
    default: 'info',
    unit: 'level',
    meaning: 'least level that is logged: fatal, error, warn, info, debug, trace, or silent',
  }),
  shutdownMs: wholeNumber(0, 600_000).register(keyDescriptions, {
    variable: 'SHUTDOWN_MS',
    default: '10000',
    unit: 'ms',
    meaning: 'time to drain after SIGTERM; what is not done by then is left to the next instance',
  }),
  noticeRepeatMs: wholeNumber(1_000, 2_592_000_000).register(keyDescriptions, {
    variable: 'NOTICE_REPEAT_MS',
    default: '86400000',
    unit: 'ms',
    meaning: 'a person is told the same of one device, payee or payment once in so long a time',
  }),
  noticesADay: wholeNumber(0, 1_000).register(keyDescriptions, {
    variable: 'NOTICES_A_DAY',
    default: '10',
    unit: 'notices',
    meaning: 'most notices for one person in 24 hours that are not critical',
  }),
  criticalNoticesADay: wholeNumber(1, 1_000).register(keyDescriptions, {
    variable: 'CRITICAL_NOTICES_A_DAY',
    default: '20',
    unit: 'notices',
    meaning: 'most critical notices for one person in 24 hours',
  }),
  noticeMaxAgeMs: wholeNumber(60_000, 2_592_000_000).register(keyDescriptions, {
    variable: 'NOTICE_MAX_AGE_MS',
    default: '604800000',
    unit: 'ms',
    meaning: 'nobody is told of what happened longer ago, as when a topic is read again from its beginning',
  }),
  recentAccountsDays: wholeNumber(1, 365).register(keyDescriptions, {
    variable: 'RECENT_ACCOUNTS_DAYS',
    default: '30',
    unit: 'days',
    meaning:
      'so long it is remembered which accounts paid a payee or used a device, so that they can be told',
  }),
  recentAccountsBytes: wholeNumber(256, 16_777_216).register(keyDescriptions, {
    variable: 'RECENT_ACCOUNTS_BYTES',
    default: '32768',
    unit: 'bytes',
    meaning:
      'of each payee and device the newest accounts are remembered that fit; a list takes up to twice as much',
  }),
  audit: oneOf(['on', 'off'])
    .transform((text) => text === 'on')
    .describe('on or off')
    .register(keyDescriptions, {
      variable: 'AUDIT',
      default: 'on',
      unit: 'on, off',
      meaning: 'write an audit record for each decision',
    }),
  institution: z.string().min(1).max(128).describe('1 to 128 characters').register(keyDescriptions, {
    variable: 'INSTITUTION',
    default: 'Sluice',
    unit: 'text',
    meaning: 'name under which intelligence is shared; another name makes other objects',
  }),
  intelTlp: oneOf(['clear', 'green', 'amber']).register(keyDescriptions, {
    variable: 'INTEL_TLP',
    default: 'amber',
    unit: 'clear, green, amber',
    meaning: 'Traffic Light Protocol marking of what is shared',
  }),
  intelDelayMs: wholeNumber(0, 7_776_000_000).register(keyDescriptions, {
    variable: 'INTEL_DELAY_MS',
    default: '0',
    unit: 'ms',
    meaning:
      'confirmed fraud is shared no earlier than this after it was known; embargoes of cases count besides',
  }),
  feedbackTrust: oneOf(['proven', 'any']).register(keyDescriptions, {
    variable: 'FEEDBACK_TRUST',
    default: 'proven',
    unit: '`proven` or `any`',
    meaning:
      'which feedback is believed: what carries the proof of its decision or is signed by its source, or any',
  }),
  feedbackSourcesFile: z.string().describe('a file').register(keyDescriptions, {
    variable: 'FEEDBACK_SOURCES_FILE',
    default: '',
    unit: 'file',
    meaning: 'who signs feedback: lines of name, key (64 to 128 hexadecimal digits); empty: nobody',
  }),
  taxiiClientsFile: z.string().describe('a file').register(keyDescriptions, {
    variable: 'TAXII_CLIENTS_FILE',
    default: '',
    unit: 'file',
    meaning: 'who may read from the TAXII server: lines of name, highest TLP, token; empty: no server',
  }),
  taxiiPort: wholeNumber(0, 65_535).register(keyDescriptions, {
    variable: 'TAXII_PORT',
    default: '9465',
    unit: 'port',
    meaning: 'port of the TAXII server; 0 takes a free one',
  }),
  taxiiHost: matching(/^[A-Za-z0-9.:_-]{1,253}$/, 'a host name or address').register(keyDescriptions, {
    variable: 'TAXII_HOST',
    default: '127.0.0.1',
    unit: 'host',
    meaning: 'address that the TAXII server listens on; it speaks plain HTTP, so TLS ends before it',
  }),
  taxiiObjectsMax: wholeNumber(100, 10_000_000).register(keyDescriptions, {
    variable: 'TAXII_OBJECTS_MAX',
    default: '200000',
    unit: 'objects',
    meaning: 'most objects that the TAXII server holds, about 1.5 KB each; the oldest are not served beyond',
  }),
})

/** ASCII: other characters would have to be prepared (SASLprep), which kafkajs does not. */
const password = /^[\x20-\x7e]{1,1024}$/

/** Secrets have no default; each may be given as text or as a file that holds it. */
export const secretKeys = {
  hashKey: {
    variable: 'HASH_KEY',
    encoding: 'hex',
    pattern: /^[0-9A-Fa-f]{32}$/,
    expected: '32 hexadecimal digits',
    make: 'openssl rand -hex 16',
    meaning: 'key of the hashes in histories and journal; all instances and tools of one Redis need the same',
  },
  feedbackKey: {
    variable: 'FEEDBACK_KEY',
    encoding: 'hex',
    pattern: /^(?:[0-9A-Fa-f]{2}){16,64}$/,
    expected: '32 to 128 hexadecimal digits, an even number',
    make: 'openssl rand -hex 32',
    meaning: 'key of the proof (`feedbackMac`) that the sender of feedback has seen the decision',
  },
  feedbackPreviousKey: {
    variable: 'FEEDBACK_PREVIOUS_KEY',
    encoding: 'hex',
    pattern: /^(?:[0-9A-Fa-f]{2}){16,64}$/,
    expected: '32 to 128 hexadecimal digits, an even number',
    make: 'openssl rand -hex 32',
    meaning: 'the feedback key before it was changed: its proofs are still believed; may be missing',
  },
  sharingKey: {
    variable: 'SHARING_KEY',
    encoding: 'hex',
    pattern: /^(?:[0-9A-Fa-f]{2}){32,64}$/,
    expected: '64 to 128 hexadecimal digits, an even number',
    make: 'openssl rand -hex 32',
    meaning: 'key of the hashes in shared intelligence, for nothing else; without it none is shared',
  },
  httpToken: {
    variable: 'HTTP_TOKEN',
    encoding: 'utf8',
    pattern: /^[\x21-\x7e]{32,256}$/,
    expected: '32 to 256 printable ASCII characters without blanks',
    make: 'openssl rand -hex 32',
    meaning:
      'bearer token that `/metrics`, `/health` and `/version` ask for; required where `SLUICE_HTTP_HOST` is not loopback',
  },
  kafkaPassword: {
    variable: 'KAFKA_PASSWORD',
    encoding: 'utf8',
    pattern: password,
    expected: '1 to 1,024 printable ASCII characters',
    make: 'openssl rand -base64 32',
    meaning: 'password of `SLUICE_KAFKA_SASL_USER`',
  },
  redisPassword: {
    variable: 'REDIS_PASSWORD',
    encoding: 'utf8',
    pattern: password,
    expected: '1 to 1,024 printable ASCII characters',
    make: 'openssl rand -base64 32',
    meaning: 'password of the user in `SLUICE_REDIS_URL`, of the default user where it names none',
  },
} as const
