import type { Settings } from '../../config.ts'
import { isLoopback } from '../../loopback.ts'
import { redisUrlsOf } from '../../redisUrls.ts'
import { ok, warning, type Finding } from './finding.ts'

export type ExposureFacts = Pick<
  Settings,
  'feedbackTrust' | 'kafkaSaslMechanism' | 'kafkaTls' | 'redisUrl' | 'redisPassword'
>

const feedback = ({ feedbackTrust }: ExposureFacts): Finding => {
  const expected = 'only what carries the proof of its decision or is signed by its source is believed'
  return feedbackTrust === 'proven'
    ? ok('settings: feedback', { found: 'only what is proven is believed', expected })
    : warning('settings: feedback', {
        found: 'all of it is believed, whoever sent it',
        expected,
        advice:
          'set SLUICE_FEEDBACK_TRUST=proven: whoever may write to risk-feedback can otherwise call a fraud good, and a rival a mule',
      })
}

const kafka = ({ kafkaSaslMechanism, kafkaTls }: ExposureFacts): Finding => {
  const [check, expected] = ['settings: the way to Kafka', 'TLS where a password is used']
  if (kafkaSaslMechanism === 'none' || kafkaTls)
    return ok(check, { found: kafkaTls ? 'TLS' : 'no password', expected })
  return warning(check, {
    found: `${kafkaSaslMechanism} without TLS`,
    expected,
    advice:
      'set SLUICE_KAFKA_TLS=on and use a listener for SASL_SSL: who listens can try passwords at leisure, and reads all payments',
  })
}

/** IPv6 addresses stand in brackets in a URL. */
const hostOf = (url: string): string => new URL(url).hostname.replace(/^\[(.*)\]$/, '$1')

const redis = ({ redisUrl, redisPassword }: ExposureFacts): Finding => {
  const [check, expected] = ['settings: the way to Redis', 'TLS where a password leaves this machine']
  const urls = redisUrlsOf(redisUrl) ?? []
  const hasPassword = redisPassword !== null || urls.some((url) => new URL(url).password !== '')
  const isTls = redisUrl.startsWith('rediss:')
  if (isTls || !hasPassword || urls.every((url) => isLoopback(hostOf(url))))
    return ok(check, {
      found: isTls ? 'TLS' : hasPassword ? 'a password on this machine' : 'no password',
      expected,
    })
  return warning(check, {
    found: 'a password without TLS',
    expected,
    advice: 'use rediss:// in SLUICE_REDIS_URL: AUTH sends the password as it is',
  })
}

/** What the settings leave open to whoever may write to a topic, or listens on the way. */
export const exposureFindings = (facts: ExposureFacts): readonly Finding[] => [
  feedback(facts),
  kafka(facts),
  redis(facts),
]
