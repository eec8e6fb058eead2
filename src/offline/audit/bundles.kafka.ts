import type { BundleAccount } from '../../domain/bundleAccount.ts'
import { createBundleCodec } from '../../stream/codec/bundle.ts'
import type { Schemas } from '../../stream/codec/schemas.ts'
import type { Scanner } from '../../stream/scan.kafka.ts'

/**
 * All accounts on the topic; none where there is no such topic. @throws SluiceError KAFKA_UNAVAILABLE
 * @param onProblem a record that is no account; the others can be read nevertheless
 */
export const readBundleTopic = async (
  scanner: Pick<Scanner, 'scan' | 'exists'>,
  schemas: Schemas,
  topic: string,
  onProblem: (problem: string) => void,
): Promise<readonly BundleAccount[]> => {
  if (!(await scanner.exists(topic))) return []
  const codec = createBundleCodec(schemas)
  const found: BundleAccount[] = []
  for await (const records of scanner.scan({ topic, from: 0, until: Infinity }))
    for (const { value, partition, offset } of records) {
      if (value === null) continue
      const read = codec.read(value)
      if (read.ok) found.push(read.value)
      else onProblem(`${topic}, partition ${partition}, offset ${offset}: ${read.fault.detail}`)
    }
  return found
}
