import { readFileSync } from 'node:fs'
import type { z } from 'zod'
import { accessProblems } from './access.ts'
import { keyDescriptions, prefix, secretKeys, settingsSchema } from './configKeys.ts'
import { SluiceError } from './errors.ts'
import { isLoopback } from './loopback.ts'
import { nearest } from './nearest.ts'

/** A function, so that printing or serialising a configuration cannot show the bytes. */
export type Secret = () => Buffer

/** Everything that can be set, and what opens the doors to Kafka and Redis. */
export type Settings = Readonly<z.output<typeof settingsSchema>> & {
  /** Null: no SASL. */
  readonly kafkaPassword: Secret | null
  /** Null: none, or the one in the URL. */
  readonly redisPassword: Secret | null
}

export type Config = Settings & {
  /** 16 bytes. */
  readonly hashKey: Secret
  /** 16 to 64 bytes. */
  readonly feedbackKey: Secret
  /** Of decisions before the key was changed; null: it was not. */
  readonly feedbackPreviousKey: Secret | null
  /** 32 to 64 bytes; null: nothing is shared. */
  readonly sharingKey: Secret | null
  /** Null: on loopback, nobody is asked. */
  readonly httpToken: Secret | null
}

export type Environment = Readonly<Record<string, string | undefined>>

type SettingName = keyof typeof settingsSchema.shape
type Problems = string[]

/** Beyond this a transaction is in doubt (`src/stream/transactionSlots.kafka.ts`), ms. */
const transactionPatienceMs = 8_000

const variableOf = (name: SettingName): string =>
  prefix + (keyDescriptions.get(settingsSchema.shape[name])?.variable ?? name)
const settingNames = Object.keys(settingsSchema.shape) as readonly SettingName[]

/** An empty variable counts as one that is not set: that is how compose files and charts leave one out. */
const textOf = (environment: Environment, variable: string): string | undefined =>
  environment[variable]?.trim() || undefined

const explain = (name: SettingName, environment: Environment): string => {
  const schema = settingsSchema.shape[name]
  const given = keyDescriptions.get(schema)?.sensitive
    ? 'something else'
    : JSON.stringify(environment[variableOf(name)])
  return `${variableOf(name)}: expected ${schema.description ?? 'a value'}, got ${given}`
}

const secretText = (environment: Environment, variable: string, problems: Problems): string | null => {
  const [text, file] = [textOf(environment, variable), textOf(environment, `${variable}_FILE`)]
  if (text !== undefined && file !== undefined) {
    problems.push(`${variable}: expected either it or ${variable}_FILE, got both`)
    return null
  }
  if (file === undefined) return text ?? ''
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (error) {
    problems.push(
      `${variable}_FILE: cannot be read (${error instanceof Error ? error.message : String(error)})`,
    )
    return null
  }
}

const parseSecret = (environment: Environment, name: keyof typeof secretKeys, problems: Problems): Secret => {
  const { encoding, pattern, expected, make } = secretKeys[name]
  const variable = prefix + secretKeys[name].variable
  const text = secretText(environment, variable, problems)
  if (text === '')
    problems.push(
      `${variable}: expected ${expected}, or a file of them in ${variable}_FILE; make one with: ${make}`,
    )
  else if (text !== null && !pattern.test(text))
    problems.push(
      `${variable}: expected ${expected}, got ${text.length} characters that are not that; make one with: ${make}`,
    )
  return () => Buffer.from(text ?? '', encoding)
}

const parseOptionalSecret = (
  environment: Environment,
  name: keyof typeof secretKeys,
  problems: Problems,
): Secret | null => {
  const variable = prefix + secretKeys[name].variable
  const isGiven = [variable, `${variable}_FILE`].some((each) => textOf(environment, each) !== undefined)
  return isGiven ? parseSecret(environment, name, problems) : null
}

const parseSettings = (environment: Environment, problems: Problems): Settings | null => {
  const raw = Object.fromEntries(
    settingNames.map((name) => [
      name,
      textOf(environment, variableOf(name)) ?? keyDescriptions.get(settingsSchema.shape[name])?.default,
    ]),
  )
  const parsed = settingsSchema.safeParse(raw)
  if (!parsed.success) {
    const wrong = new Set(parsed.error.issues.map((issue) => issue.path[0]))
    problems.push(...settingNames.filter((name) => wrong.has(name)).map((name) => explain(name, environment)))
    return null
  }
  if (parsed.data.redisTimeoutMs >= parsed.data.deadlineMs)
    problems.push(
      `SLUICE_REDIS_TIMEOUT_MS: expected less than SLUICE_DEADLINE_MS (${parsed.data.deadlineMs}), got ${parsed.data.redisTimeoutMs}`,
    )
  if (parsed.data.delivery === 'exactly-once' && parsed.data.redisTimeoutMs >= transactionPatienceMs)
    problems.push(
      `SLUICE_REDIS_TIMEOUT_MS: expected less than ${transactionPatienceMs} with SLUICE_DELIVERY=exactly-once, as Redis is waited for within a transaction and Kafka aborts that, got ${parsed.data.redisTimeoutMs}`,
    )
  const passwords = {
    kafkaPassword: parseOptionalSecret(environment, 'kafkaPassword', problems),
    redisPassword: parseOptionalSecret(environment, 'redisPassword', problems),
  }
  problems.push(
    ...accessProblems({
      ...parsed.data,
      hasKafkaPassword: passwords.kafkaPassword !== null,
      hasRedisPassword: passwords.redisPassword !== null,
    }),
  )
  return { ...parsed.data, ...passwords }
}

const refuse = (problems: readonly string[]): never => {
  throw new SluiceError('CONFIG_INVALID', ['The configuration is wrong:', ...problems].join('\n  '))
}

/**
 * The settings without the keys of hashes, for commands that need none.
 * @param overrides variables that win over the environment's, such as those from the command line
 * @throws SluiceError CONFIG_INVALID with every wrong key and what was expected.
 */
export const readSettings = (
  overrides: Environment = {},
  environment: Environment = process.env,
): Settings => {
  const problems: Problems = []
  const settings = parseSettings({ ...environment, ...overrides }, problems)
  return settings === null || problems.length > 0 ? refuse(problems) : Object.freeze(settings)
}

/**
 * The whole configuration.
 * @param overrides variables that win over the environment's, such as those from the command line
 * @throws SluiceError CONFIG_INVALID with every wrong key, missing secrets included, and what was expected.
 */
export const readConfig = (overrides: Environment = {}, environment: Environment = process.env): Config => {
  const problems: Problems = []
  const merged = { ...environment, ...overrides }
  const settings = parseSettings(merged, problems)
  const hashKey = parseSecret(merged, 'hashKey', problems)
  const feedbackKey = parseSecret(merged, 'feedbackKey', problems)
  const feedbackPreviousKey = parseOptionalSecret(merged, 'feedbackPreviousKey', problems)
  const sharingKey = parseOptionalSecret(merged, 'sharingKey', problems)
  const httpToken = parseOptionalSecret(merged, 'httpToken', problems)
  if (settings !== null && httpToken === null && !isLoopback(settings.httpHost))
    problems.push(
      'SLUICE_HTTP_TOKEN or SLUICE_HTTP_TOKEN_FILE: expected one, as SLUICE_HTTP_HOST is not loopback',
    )
  // Members know this key: who has it must not be able to make proofs of feedback.
  if (problems.length === 0 && sharingKey?.().equals(feedbackKey()) === true)
    problems.push('SLUICE_SHARING_KEY: expected a key of its own, got the one of SLUICE_FEEDBACK_KEY')
  return settings === null || problems.length > 0
    ? refuse(problems)
    : Object.freeze({ ...settings, hashKey, feedbackKey, feedbackPreviousKey, sharingKey, httpToken })
}

/**
 * Variables that look like a misspelt key. A warning, no error: Kubernetes sets SLUICE_PORT and others
 * for a service of that name.
 */
export const misspeltKeys = (
  environment: Environment = process.env,
): readonly { readonly given: string; readonly meant: string }[] => {
  const secrets = Object.values(secretKeys).flatMap(({ variable }) => [
    prefix + variable,
    `${prefix}${variable}_FILE`,
  ])
  const known = [...settingNames.map(variableOf), ...secrets]
  return Object.keys(environment)
    .filter((given) => given.startsWith(prefix) && !known.includes(given))
    .flatMap((given) => {
      const bare = nearest(
        given.slice(prefix.length),
        known.map((name) => name.slice(prefix.length)),
      )
      return bare === null ? [] : [{ given, meant: prefix + bare }]
    })
}

/** The environment for a process that we start: ours, with some variables of its own. */
export const environmentWith = (
  overrides: Environment,
  environment: Environment = process.env,
): Environment => ({ ...environment, ...overrides })
