/** What the environment says of the ways to Kafka and Redis. */
export type Access = {
  readonly kafkaTls: boolean
  readonly kafkaTlsCaFile: string
  readonly kafkaTlsCertFile: string
  readonly kafkaTlsKeyFile: string
  readonly kafkaSaslMechanism: string
  readonly kafkaSaslUser: string
  readonly hasKafkaPassword: boolean
  readonly redisUrl: string
  readonly redisTlsCaFile: string
  readonly redisTlsCertFile: string
  readonly redisTlsKeyFile: string
  readonly hasRedisPassword: boolean
}

type Files = { readonly ca: string; readonly cert: string; readonly key: string }

const ofFiles = (prefix: string, isTls: boolean, how: string, files: Files): readonly string[] => [
  ...(!isTls && Object.values(files).some((file) => file !== '')
    ? [`${prefix}_CA_FILE, _CERT_FILE, _KEY_FILE: expected none without TLS; for TLS set ${how}`]
    : []),
  ...((files.cert === '') === (files.key === '')
    ? []
    : [`${prefix}_CERT_FILE and ${prefix}_KEY_FILE: expected both or neither`]),
]

const ofSasl = ({
  kafkaSaslMechanism: mechanism,
  kafkaSaslUser: user,
  hasKafkaPassword,
}: Access): readonly string[] => {
  if (mechanism === 'none')
    return user !== '' || hasKafkaPassword
      ? [
          'SLUICE_KAFKA_SASL_MECHANISM: expected scram-sha-256 or scram-sha-512 where a user or a password is given',
        ]
      : []
  return [
    ...(user === ''
      ? [`SLUICE_KAFKA_SASL_USER: expected the user's name, as the mechanism is ${mechanism}`]
      : []),
    ...(hasKafkaPassword
      ? []
      : [
          `SLUICE_KAFKA_PASSWORD or SLUICE_KAFKA_PASSWORD_FILE: expected one, as the mechanism is ${mechanism}`,
        ]),
  ]
}

const passwordInUrl = /^rediss?:\/\/[^/@]*:[^/@]+@/

/** What does not fit together, each as a line that says what was expected; no value is repeated. */
export const accessProblems = (access: Access): readonly string[] => [
  ...ofFiles('SLUICE_KAFKA_TLS', access.kafkaTls, 'SLUICE_KAFKA_TLS=on', {
    ca: access.kafkaTlsCaFile,
    cert: access.kafkaTlsCertFile,
    key: access.kafkaTlsKeyFile,
  }),
  ...ofSasl(access),
  ...ofFiles('SLUICE_REDIS_TLS', access.redisUrl.startsWith('rediss:'), 'SLUICE_REDIS_URL=rediss://...', {
    ca: access.redisTlsCaFile,
    cert: access.redisTlsCertFile,
    key: access.redisTlsKeyFile,
  }),
  ...(access.hasRedisPassword && passwordInUrl.test(access.redisUrl)
    ? ['SLUICE_REDIS_PASSWORD: expected either it or a password in SLUICE_REDIS_URL, got both']
    : []),
]
