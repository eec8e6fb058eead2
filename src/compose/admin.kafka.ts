import type { Admin } from 'kafkajs'
import type { Settings } from '../config.ts'
import { SluiceError } from '../errors.ts'
import { createLog } from '../ops/log.ts'
import { readVersion } from '../ops/version.file.ts'
import { openKafka } from './kafka.kafka.ts'

/** About two seconds. */
const retries = 4

/**
 * Opens a connection for questions about topics, and closes it. Gives up after a few seconds: someone waits.
 * @throws SluiceError KAFKA_UNAVAILABLE
 */
export const withAdmin = async <Result>(
  settings: Settings,
  use: (admin: Admin) => Promise<Result>,
): Promise<Result> => {
  // What goes wrong is told once, by the error; the client's own log only to who asks for it.
  const wanted = settings.logLevel === 'debug' || settings.logLevel === 'trace'
  const log = createLog(
    {
      level: wanted ? settings.logLevel : 'silent',
      instance: settings.instanceId,
      version: readVersion(),
    },
    process.stderr,
  )
  const kafka = openKafka(settings, log, { retries })
  const admin = kafka.admin()
  try {
    await admin.connect()
    return await use(admin)
  } catch (cause) {
    throw new SluiceError(
      'KAFKA_UNAVAILABLE',
      `Kafka at ${settings.kafkaBrokers.join(', ')} cannot be asked`,
      {
        cause,
        retriable: true,
      },
    )
  } finally {
    await admin.disconnect()
  }
}
