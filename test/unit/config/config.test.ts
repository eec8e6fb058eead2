import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { misspeltKeys, readConfig, readSettings } from '../../../src/config.ts'
import { keyDescriptions, prefix, settingsSchema } from '../../../src/configKeys.ts'
import { SluiceError } from '../../../src/errors.ts'
import { patienceMs } from '../../../src/stream/transactionSlots.kafka.ts'

const hashKey = '000102030405060708090a0b0c0d0e0f'
const feedbackKey = 'ff'.repeat(32)
const secrets = { SLUICE_HASH_KEY: hashKey, SLUICE_FEEDBACK_KEY: feedbackKey }

const refusalOf = (read: () => unknown): SluiceError => {
  try {
    read()
  } catch (error) {
    if (error instanceof SluiceError) return error
    throw error
  }
  throw new Error('it was not refused')
}

describe('readSettings', () => {
  it('gives the documented defaults where nothing is set', () => {
    const settings = readSettings({}, {})
    expect(settings).toMatchObject({
      kafkaBrokers: ['127.0.0.1:9092'],
      groupId: 'sluice',
      topicPrefix: '',
      redisTimeoutMs: 250,
      deadlineMs: 1000,
      batchMax: 64,
      journalTtlMs: 3_600_000,
      historyRetentionDays: 40,
      httpHost: '127.0.0.1',
      httpPort: 9464,
      audit: true,
    })
    expect(settings.modelsDir).toMatch(/models$/)
    expect(settings.instanceId).toMatch(/-\d+$/)
  })

  it('is frozen', () => {
    expect(Object.isFrozen(readSettings({}, {}))).toBe(true)
  })

  it('reads several brokers, IPv6 included', () => {
    const { kafkaBrokers } = readSettings({}, { SLUICE_KAFKA_BROKERS: 'a.example:9092, [::1]:9093' })
    expect(kafkaBrokers).toEqual(['a.example:9092', '[::1]:9093'])
  })

  it('lets overrides win over the environment, and an empty variable count as not set', () => {
    const environment = { SLUICE_BATCH_MAX: '8', SLUICE_GROUP_ID: '', SLUICE_AUDIT: 'off' }
    const settings = readSettings({ SLUICE_BATCH_MAX: '16' }, environment)
    expect(settings).toMatchObject({ batchMax: 16, groupId: 'sluice', audit: false })
  })

  it('names every wrong key at once, with what was expected and what was given', () => {
    const error = refusalOf(() =>
      readSettings(
        {},
        {
          SLUICE_KAFKA_BROKERS: 'no-port',
          SLUICE_BATCH_MAX: '64.5',
          SLUICE_HTTP_PORT: '99999',
          SLUICE_AUDIT: 'maybe',
        },
      ),
    )
    expect(error.code).toBe('CONFIG_INVALID')
    expect(error.message.split('\n').slice(1)).toEqual([
      '  SLUICE_KAFKA_BROKERS: expected host:port, several separated by commas, got "no-port"',
      '  SLUICE_BATCH_MAX: expected a whole number from 1 to 1024, got "64.5"',
      '  SLUICE_HTTP_PORT: expected a whole number from 0 to 65535, got "99999"',
      '  SLUICE_AUDIT: expected on or off, got "maybe"',
    ])
  })

  it('does not repeat a URL that may hold a password', () => {
    const error = refusalOf(() => readSettings({}, { SLUICE_REDIS_URL: 'http://user:s3cret@host' }))
    expect(error.message).toContain('SLUICE_REDIS_URL: expected a URL')
    expect(error.message).not.toContain('s3cret')
  })

  it('wants the Redis time-out inside the deadline', () => {
    const error = refusalOf(() => readSettings({}, { SLUICE_DEADLINE_MS: '250' }))
    expect(error.message).toContain('SLUICE_REDIS_TIMEOUT_MS: expected less than SLUICE_DEADLINE_MS (250)')
  })

  it('wants the Redis time-out inside a transaction where there are any', () => {
    const patient = (timeoutMs: string, delivery: string) => () =>
      readSettings(
        {},
        {
          SLUICE_DEADLINE_MS: '20000',
          SLUICE_REDIS_TIMEOUT_MS: timeoutMs,
          SLUICE_DELIVERY: delivery,
        },
      )
    expect(refusalOf(patient(String(patienceMs), 'exactly-once')).message).toContain(
      'SLUICE_REDIS_TIMEOUT_MS: expected less than 8000 with SLUICE_DELIVERY=exactly-once',
    )
    expect(patient(String(patienceMs - 1), 'exactly-once')().redisTimeoutMs).toBe(patienceMs - 1)
    expect(patient('10000', 'at-least-once')().redisTimeoutMs).toBe(10_000)
  })
})

describe('readConfig', () => {
  it('reads the secrets', () => {
    const config = readConfig({}, secrets)
    expect(config.hashKey()).toEqual(Buffer.from(hashKey, 'hex'))
    expect(config.feedbackKey()).toHaveLength(32)
  })

  it('shows no secret when it is printed or serialised', () => {
    const config = readConfig({}, secrets)
    const printed = inspect(config, { depth: 9 }) + JSON.stringify(config)
    expect(printed).not.toContain(hashKey)
    expect(printed).not.toContain('00 01 02')
  })

  it('shares nothing without a key for it, and takes none that serves for something else', () => {
    expect(readConfig({}, secrets).sharingKey).toBeNull()
    const sharing = { ...secrets, SLUICE_SHARING_KEY: 'ab'.repeat(32) }
    expect(readConfig({}, sharing).sharingKey?.()).toHaveLength(32)
    const same = refusalOf(() => readConfig({}, { ...secrets, SLUICE_SHARING_KEY: feedbackKey }))
    expect(same.message).toContain('SLUICE_SHARING_KEY: expected a key of its own')
    expect(same.message).not.toContain(feedbackKey)
    expect(refusalOf(() => readConfig({}, { ...secrets, SLUICE_SHARING_KEY: 'ab' })).message).toContain(
      'SLUICE_SHARING_KEY: expected 64 to 128',
    )
  })

  it('says of missing secrets how to make them, beside the other wrong keys', () => {
    const { message } = refusalOf(() => readConfig({}, { SLUICE_BATCH_MAX: '0' }))
    expect(message).toContain('SLUICE_BATCH_MAX')
    expect(message).toMatch(/SLUICE_HASH_KEY: .*SLUICE_HASH_KEY_FILE; make one with: openssl rand -hex 16/)
    expect(message).toMatch(/SLUICE_FEEDBACK_KEY: .*make one with: openssl rand -hex 32/)
  })

  it('does not repeat a wrong secret', () => {
    const { message } = refusalOf(() => readConfig({}, { ...secrets, SLUICE_HASH_KEY: 'abcdef' }))
    expect(message).toContain('SLUICE_HASH_KEY: expected 32 hexadecimal digits')
    expect(message).not.toContain('abcdef')
  })

  it('reads a secret from a file, and refuses one that is not there or given twice', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-config-'))
    try {
      const file = join(folder, 'key')
      writeFileSync(file, `${hashKey}\n`)
      const fromFile = { SLUICE_HASH_KEY_FILE: file, SLUICE_FEEDBACK_KEY: feedbackKey }
      expect(readConfig({}, fromFile).hashKey().toString('hex')).toBe(hashKey)
      expect(refusalOf(() => readConfig(secrets, fromFile)).message).toContain('got both')
      const missing = { ...fromFile, SLUICE_HASH_KEY_FILE: join(folder, 'none') }
      expect(refusalOf(() => readConfig({}, missing)).message).toMatch(
        /SLUICE_HASH_KEY_FILE: cannot be read \(ENOENT/,
      )
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

describe('misspeltKeys', () => {
  it('finds near misses and leaves alone what is far from any key', () => {
    const environment = {
      SLUICE_BATCHMAX: '1',
      SLUICE_PORT: 'tcp://10.0.0.1',
      SLUICE_GROUP_ID: 'g',
      PATH: '',
    }
    expect(misspeltKeys(environment)).toEqual([{ given: 'SLUICE_BATCHMAX', meant: 'SLUICE_BATCH_MAX' }])
  })
})

describe('the table of keys', () => {
  const descriptions = Object.values(settingsSchema.shape).map((schema) => keyDescriptions.get(schema))

  it('describes each key once', () => {
    const variables = descriptions.map((description) => description?.variable)
    expect(variables).not.toContain(undefined)
    expect(new Set(variables).size).toBe(variables.length)
    for (const schema of Object.values(settingsSchema.shape)) expect(schema.description).toBeTruthy()
  })

  it('refuses or reads any text, and never throws anything but CONFIG_INVALID', () => {
    const variable = fc.constantFrom(...descriptions.map((description) => prefix + description?.variable))
    fc.assert(
      fc.property(fc.dictionary(variable, fc.string({ unit: 'binary' })), (environment) => {
        try {
          readSettings({}, environment)
        } catch (error) {
          if (!(error instanceof SluiceError) || error.code !== 'CONFIG_INVALID') throw error
        }
      }),
    )
  })

  it('reads every whole number in its range back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1024 }), (batchMax) => {
        expect(readSettings({ SLUICE_BATCH_MAX: String(batchMax) }, {}).batchMax).toBe(batchMax)
      }),
    )
  })
})

describe('the ways to Kafka and Redis', () => {
  const problemsOf = (environment: Readonly<Record<string, string>>): string =>
    refusalOf(() => readConfig({}, { ...secrets, ...environment })).message

  it('are whole, or refused with what was expected and without what was given', () => {
    const given = {
      SLUICE_KAFKA_TLS_CA_FILE: 'ca.pem',
      SLUICE_KAFKA_SASL_MECHANISM: 'scram-sha-512',
      SLUICE_REDIS_TLS_CERT_FILE: 'own.pem',
      SLUICE_REDIS_URL: 'redis://sluice:canary-1@host:6379',
      SLUICE_REDIS_PASSWORD: 'canary-2',
      SLUICE_HTTP_HOST: '0.0.0.0',
    }
    const problems = problemsOf(given)
    for (const expected of [
      'SLUICE_KAFKA_TLS_CA_FILE, _CERT_FILE, _KEY_FILE: expected none without TLS; for TLS set SLUICE_KAFKA_TLS=on',
      "SLUICE_KAFKA_SASL_USER: expected the user's name",
      'SLUICE_KAFKA_PASSWORD or SLUICE_KAFKA_PASSWORD_FILE: expected one',
      'SLUICE_REDIS_TLS_CERT_FILE and SLUICE_REDIS_TLS_KEY_FILE: expected both or neither',
      'SLUICE_REDIS_PASSWORD: expected either it or a password in SLUICE_REDIS_URL, got both',
      'SLUICE_HTTP_TOKEN or SLUICE_HTTP_TOKEN_FILE: expected one, as SLUICE_HTTP_HOST is not loopback',
    ])
      expect(problems).toContain(expected)
    expect(problems).not.toContain('canary')
  })

  it('passwords are functions: printing a configuration does not show them', () => {
    const config = readConfig({}, { ...secrets, SLUICE_REDIS_PASSWORD: 'canary-2' })
    expect(config.redisPassword?.().toString()).toBe('canary-2')
    expect(inspect(config, { depth: 9 }) + JSON.stringify(config)).not.toContain('canary')
  })
})
