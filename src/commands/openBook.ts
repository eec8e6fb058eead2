import { trustOf } from '../compose/trust.ts'
import type { Settings } from '../config.ts'
import { createBundleBook, type BundleBook } from '../offline/audit/bundleBook.ts'
import { readActiveAccount } from '../offline/audit/bundles.file.ts'
import { readBundleTopic } from '../offline/audit/bundles.kafka.ts'
import { loadSchemas } from '../stream/codec/schemas.file.ts'
import { openScanner } from '../stream/scan.kafka.ts'
import { topicNames } from '../stream/topicSpec.ts'
import { openKafka } from './openKafka.ts'

const tell = (problem: string): void => void process.stderr.write(`a bundle is not known: ${problem}\n`)

/**
 * The bundles that are known: the one in SLUICE_MODELS_DIR and, where Kafka is to be asked, all that ever decided. What cannot be
 * read of them is told on standard error, as the others may do.
 * @throws SluiceError KAFKA_UNAVAILABLE
 */
export const openBook = async (
  settings: Settings,
  command: string,
  asksKafka: boolean,
): Promise<BundleBook> => {
  const { accounts, problem } = await readActiveAccount(settings.modelsDir, trustOf(settings))
  if (problem !== null) tell(problem)
  if (!asksKafka) return createBundleBook(accounts)
  const scanner = await openScanner(openKafka(settings, command))
  try {
    const topic = topicNames(settings.topicPrefix).bundles
    const published = await readBundleTopic(scanner, await loadSchemas(settings.schemasDir), topic, tell)
    return createBundleBook([...accounts, ...published])
  } finally {
    await scanner.close()
  }
}
