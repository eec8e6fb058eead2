import { describe, expect, test } from 'vitest'
import { exposureFindings, type ExposureFacts } from '../../../../src/compose/doctor/exposureFindings.ts'

const sound: ExposureFacts = {
  feedbackTrust: 'proven',
  kafkaSaslMechanism: 'scram-sha-512',
  kafkaTls: true,
  redisUrl: 'rediss://sluice@redis.example:6379',
  redisPassword: () => Buffer.from('s3cret'),
}
const inClear = 'redis://sluice:s3cret@'

const warned = (over: Partial<ExposureFacts>) =>
  exposureFindings({ ...sound, ...over })
    .filter(({ status }) => status !== 'ok')
    .map(({ check, status, found }) => `${check}: ${status}: ${found}`)

describe('what the settings leave open', () => {
  test('is nothing where feedback is proven and passwords travel over TLS', () => {
    expect(warned({})).toEqual([])
  })

  test('is what anybody says of payments', () => {
    expect(warned({ feedbackTrust: 'any' })).toEqual([
      'settings: feedback: warning: all of it is believed, whoever sent it',
    ])
  })

  test('is a password of Kafka that can be tried by whoever listens', () => {
    expect(warned({ kafkaTls: false })).toEqual([
      'settings: the way to Kafka: warning: scram-sha-512 without TLS',
    ])
    expect(warned({ kafkaTls: false, kafkaSaslMechanism: 'none' })).toEqual([])
  })

  test.each([
    [{ redisUrl: 'redis://sluice@redis.example:6379' }, true],
    [{ redisUrl: `${inClear}redis.example:6379`, redisPassword: null }, true],
    [{ redisUrl: `${inClear}127.0.0.1:6379,redis.example:6379`, redisPassword: null }, true],
    [{ redisUrl: `${inClear}127.0.0.1:6379`, redisPassword: null }, false],
    [{ redisUrl: `${inClear}[::1]:6379`, redisPassword: null }, false],
    [{ redisUrl: 'redis://redis.example:6379', redisPassword: null }, false],
  ] as const)('is a password of Redis in clear: %j, %s', (over, isWarned) => {
    expect(warned(over)).toEqual(
      isWarned ? ['settings: the way to Redis: warning: a password without TLS'] : [],
    )
  })

  test('never repeats a password', () => {
    const all = exposureFindings({ ...sound, redisUrl: `${inClear}redis.example:6379`, kafkaTls: false })
    expect(JSON.stringify(all)).not.toContain('s3cret')
  })
})
