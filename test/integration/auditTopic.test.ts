import { afterAll, beforeAll, expect, it } from 'vitest'
import { readAuditTopic } from '../../src/offline/audit/audits.kafka.ts'
import { createKafka } from '../../src/stream/client.kafka.ts'
import { createAuditCodec } from '../../src/stream/codec/audit.ts'
import { openScanner, type ScanOrder } from '../../src/stream/scan.kafka.ts'
import { loadSchemas, ownSchemasFolder } from '../../src/stream/codec/schemas.file.ts'
import { someAudits } from '../support/audited.ts'
import { ownName, sharedServers } from '../support/shared.ts'

const topic = ownName('audit')
const kafka = createKafka({
  brokers: [sharedServers().brokers],
  clientId: 'audit-topic-test',
  log: () => () => undefined,
  warn: (message) => {
    throw new Error(message)
  },
})
const admin = kafka.admin()
const producer = kafka.producer()
const some = someAudits(300)

beforeAll(async () => {
  await Promise.all([admin.connect(), producer.connect()])
  // One partition stays empty.
  await admin.createTopics({ topics: [{ topic, numPartitions: 3 }] })
  const codec = createAuditCodec(await loadSchemas(ownSchemasFolder))
  await producer.send({
    topic,
    messages: some.map(({ audit }, at) => ({ partition: at % 2, value: codec.encode(audit) })),
  })
})
afterAll(() => Promise.all([admin.disconnect(), producer.disconnect()]))

const read = async (over: Partial<ScanOrder> = {}): Promise<readonly string[]> => {
  const schemas = await loadSchemas(ownSchemasFolder)
  const scanner = await openScanner(kafka)
  const ids: string[] = []
  try {
    const order = { topic, from: 0, until: Infinity, ...over }
    for await (const { payment } of readAuditTopic(scanner, schemas, order)) ids.push(payment.paymentId)
  } finally {
    await scanner.close()
  }
  return ids.toSorted()
}

it('gives every audit record that the topic holds once, and ends', async () => {
  expect(await read()).toEqual(some.map(({ audit }) => audit.payment.paymentId).toSorted())
})

it('gives none where all are older, or younger, than what is asked for', async () => {
  expect(await read({ from: Date.now() + 3_600_000 })).toEqual([])
  expect(await read({ until: Date.now() - 3_600_000 })).toEqual([])
})

it('gives those of the partitions that are asked for, and says how far it is', async () => {
  const reached: number[][] = []
  const of = await read({ partitions: () => [1], onProgress: (done, all) => reached.push([done, all]) })
  expect(of).toEqual(
    some.flatMap(({ audit }, at) => (at % 2 === 1 ? [audit.payment.paymentId] : [])).toSorted(),
  )
  expect(reached.at(-1)).toEqual([150, 150])
})
