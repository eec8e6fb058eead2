import { afterAll, beforeAll, expect, it } from 'vitest'
import { readAuditTopic } from '../../src/offline/audit/audits.kafka.ts'
import { createKafka } from '../../src/stream/client.kafka.ts'
import { createAuditCodec } from '../../src/stream/codec/audit.ts'
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

const read = async (groupId: string, from = 0): Promise<readonly string[]> => {
  const schemas = await loadSchemas(ownSchemasFolder)
  const ids: string[] = []
  for await (const { payment } of readAuditTopic({ kafka, topic, schemas, groupId, from }))
    ids.push(payment.paymentId)
  return ids.toSorted()
}

it('gives every audit record that the topic holds once, ends, and leaves no group behind', async () => {
  const groupId = ownName('report')
  expect(await read(groupId)).toEqual(some.map(({ audit }) => audit.payment.paymentId).toSorted())
  expect((await admin.listGroups()).groups.map((group) => group.groupId)).not.toContain(groupId)
})

it('gives none where all are older than what is asked for', async () => {
  expect(await read(ownName('late'), Date.now() + 3_600_000)).toEqual([])
})
