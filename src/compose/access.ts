import type { Settings } from '../config.ts'
import type { RedisAccess } from '../features/connection.redis.ts'
import type { KafkaAccess } from '../stream/access.ts'
import { readTls, type TlsFiles } from './tlsFiles.file.ts'

/** Reads the files once now, so that a wrong one stops the start, and again at each connection. */
export const tlsOf = (files: TlsFiles) => {
  readTls(files)
  return () => readTls(files)
}

/** How brokers are reached. @throws SluiceError CONFIG_INVALID for a file that cannot be read */
export const kafkaAccessOf = (settings: Settings): KafkaAccess => ({
  tls: settings.kafkaTls
    ? tlsOf({
        caFile: settings.kafkaTlsCaFile,
        certFile: settings.kafkaTlsCertFile,
        keyFile: settings.kafkaTlsKeyFile,
      })
    : null,
  sasl:
    settings.kafkaSaslMechanism === 'none' || settings.kafkaPassword === null
      ? null
      : {
          mechanism: settings.kafkaSaslMechanism,
          user: settings.kafkaSaslUser,
          password: settings.kafkaPassword,
        },
})

/** How Redis is reached, beside its URL. @throws SluiceError CONFIG_INVALID for a file that cannot be read */
export const redisAccessOf = (settings: Settings): RedisAccess => ({
  password: settings.redisPassword,
  tls: tlsOf({
    caFile: settings.redisTlsCaFile,
    certFile: settings.redisTlsCertFile,
    keyFile: settings.redisTlsKeyFile,
  }),
})
