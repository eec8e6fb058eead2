import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { kafkaRights } from '../../src/stream/kafkaRights.ts'
import { runCommand } from '../support/command.ts'
import { aPayment } from '../support/payments.ts'
import { startProcessor, type ProcessorEnvironment } from '../support/processor.ts'
import { openSecured, type Secured } from '../support/secured.ts'
import { ownName } from '../support/shared.ts'
import { watchRun } from '../support/watched.ts'

const patienceMs = 90_000

describe('servers that ask everybody who he is', () => {
  let secured: Secured
  beforeAll(async () => {
    secured = await openSecured()
    const { topicPrefix, groupId } = namesOf(secured)
    await secured.allowOnly(kafkaRights(topicPrefix, groupId))
  }, patienceMs)
  afterAll(() => secured.close())

  const namesOf = ({ scene }: Secured) => ({ topicPrefix: `${scene.groupId}.`, groupId: scene.groupId })
  const withoutSasl = (): ProcessorEnvironment =>
    Object.fromEntries(
      Object.entries(secured.environment).filter(([name]) => !/SASL|KAFKA_PASSWORD/.test(name)),
    )
  const byCertificate = (certFile: string, keyFile: string): ProcessorEnvironment => ({
    ...withoutSasl(),
    SLUICE_KAFKA_BROKERS: secured.servers.mutualBrokers,
    SLUICE_KAFKA_TLS_CERT_FILE: certFile,
    SLUICE_KAFKA_TLS_KEY_FILE: keyFile,
  })

  const decides = async (environment: ProcessorEnvironment): Promise<void> => {
    const processor = await startProcessor(environment)
    try {
      const paymentId = ownName('pay')
      await secured.scene.paymentSwitch.send([aPayment({ paymentId, occurredAt: Date.now() })])
      await secured.scene.paymentSwitch.allDecided()
      const [answer] = secured.scene.paymentSwitch.answersTo(paymentId)
      expect(answer?.decision.degraded.filter((input) => input !== 'device-health')).toEqual([])
      processor.kill('SIGTERM')
      expect(await processor.exited).toBe(0)
      expect(processor.log.filter((line) => /authoriz/i.test(line))).toEqual([])
    } finally {
      await processor.end()
    }
  }

  it.each(['scram-sha-256', 'scram-sha-512'])(
    'payments are decided over TLS with %s and the least rights, Redis over TLS with a certificate',
    (mechanism) => decides({ ...secured.environment, SLUICE_KAFKA_SASL_MECHANISM: mechanism }),
    patienceMs,
  )

  it(
    'and with the certificate in the place of a password, exactly once',
    () =>
      decides({
        ...byCertificate(secured.own.certFile, secured.own.keyFile),
        SLUICE_DELIVERY: 'exactly-once',
      }),
    patienceMs,
  )

  it(
    'commands use the same keys',
    async () => {
      const environment: ProcessorEnvironment = {
        ...secured.environment,
        SLUICE_KAFKA_SASL_USER: secured.security.admin,
        SLUICE_KAFKA_PASSWORD_FILE: secured.security.passwordFileOf(secured.security.admin),
      }
      const { out } = await runCommand(['doctor', '--json'], environment)
      const { findings } = JSON.parse(out) as {
        readonly findings: readonly { readonly check: string; readonly status: string }[]
      }
      expect(
        findings.filter(({ status, check }) => status === 'failed' && /^(kafka|redis)/.test(check)),
      ).toEqual([])
      expect(findings.some(({ check }) => check === 'kafka: reachable')).toBe(true)
      for (const command of [
        ['cases', 'list'],
        ['redrive', '--dry-run'],
      ]) {
        const ended = await runCommand([...command, '--json'], environment)
        expect(ended.err).toBe('')
        expect(ended.code).toBe(0)
      }
    },
    patienceMs,
  )

  describe('what is wrong is named, and no secret is', () => {
    const saysWhy = async (environment: ProcessorEnvironment, pattern: RegExp): Promise<void> => {
      const watched = watchRun(environment)
      try {
        await watched.untilSaid(pattern)
        const said = watched.lines.join('\n')
        for (const user of [secured.security.admin, secured.security.user])
          expect(said).not.toContain(secured.security.passwordOf(user))
      } finally {
        await watched.end()
      }
    }

    it(
      'a wrong password',
      () =>
        saysWhy(
          {
            ...secured.environment,
            SLUICE_KAFKA_PASSWORD_FILE: secured.security.passwordFileOf(secured.security.admin),
          },
          /does not accept the user sluice.*SLUICE_KAFKA_PASSWORD/,
        ),
      patienceMs,
    )

    it(
      'a wrong password for Redis',
      () =>
        saysWhy(
          {
            ...secured.environment,
            SLUICE_REDIS_PASSWORD_FILE: secured.security.passwordFileOf(secured.security.admin),
          },
          /WRONGPASS/,
        ),
      patienceMs,
    )

    it(
      'our certificate has expired',
      async () => {
        const { certFile, keyFile } = await secured.security.certify('late', { hasExpired: true })
        await saysWhy(
          byCertificate(certFile, keyFile),
          /(does not take our certificate|our certificate has expired)/,
        )
      },
      patienceMs,
    )

    it(
      'our certificate is signed by a stranger',
      async () => {
        const { certFile, keyFile } = await secured.security.certify('stray', { byStranger: true })
        await saysWhy(
          byCertificate(certFile, keyFile),
          /our certificate is signed by nobody it trusts|does not take our certificate/,
        )
      },
      patienceMs,
    )

    it(
      'the brokers are signed by a stranger',
      () =>
        saysWhy(
          { ...secured.environment, SLUICE_KAFKA_TLS_CA_FILE: `${secured.security.folder}/stranger.pem` },
          /its certificate is signed by nobody we trust/,
        ),
      patienceMs,
    )

    it(
      'the brokers are reached by a name that is not in their certificate',
      () =>
        saysWhy(
          {
            ...secured.environment,
            SLUICE_KAFKA_BROKERS: secured.servers.brokers.replace('127.0.0.1', 'localhost'),
          },
          /its certificate is for another host/,
        ),
      patienceMs,
    )

    it(
      'no certificate where one is wanted',
      () =>
        saysWhy(
          { ...withoutSasl(), SLUICE_KAFKA_BROKERS: secured.servers.mutualBrokers },
          /it wants a certificate of ours|it does not take our certificate/,
        ),
      patienceMs,
    )

    it(
      'TLS where there is none, and none where there is',
      async () => {
        const { SLUICE_KAFKA_TLS_CA_FILE: _, ...rest } = secured.environment
        await saysWhy({ ...rest, SLUICE_KAFKA_TLS: 'off' }, /Closed connection|ECONNRESET|Connection/)
      },
      patienceMs,
    )
  })
})
