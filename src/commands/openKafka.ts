import { openKafka as openWith } from '../compose/kafka.kafka.ts'
import type { Settings } from '../config.ts'
import { createLog } from '../ops/log.ts'
import { readVersion } from '../ops/version.file.ts'

/** Kafka for a command that reads: only its errors are logged. */
export const openKafka = (settings: Settings, command: string): ReturnType<typeof openWith> =>
  openWith(settings, createLog({ level: 'error', instance: command, version: readVersion() }, process.stderr))
