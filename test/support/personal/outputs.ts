import type { Kafka } from 'kafkajs'
import type { Redis } from 'ioredis'
import { openPartitions } from '../../../src/stream/partitions.kafka.ts'
import { fetchEnds } from '../../../src/stream/topicEnds.kafka.ts'
import type { RawRecord } from '../../../src/stream/record.ts'
import { ownName } from '../shared.ts'
import type { Output } from './detector.ts'

/** All that a topic holds by now. */
export const recordsOf = async (kafka: Kafka, topic: string): Promise<readonly RawRecord[]> => {
  const admin = kafka.admin()
  await admin.connect()
  const ends = await fetchEnds(admin, topic)
  await admin.disconnect()
  const consumer = kafka.consumer({ groupId: ownName('dump'), maxWaitTimeInMs: 50 })
  const starts = ends.map(({ partition, low }) => ({ topic, partition, start: Number(low) }))
  const { readers, close } = await openPartitions(consumer, starts)
  const records: RawRecord[] = []
  try {
    for (const reader of readers) {
      const end = Number(ends.find(({ partition }) => partition === reader.partition)?.high)
      for (let some = await reader.read(end); some.length > 0; some = await reader.read(end))
        records.push(...some)
    }
  } finally {
    await close()
  }
  return records
}

export const outputsOf = (records: readonly RawRecord[]): readonly Output[] =>
  records.flatMap(({ topic, partition, offset, key, value, headers }) => {
    const where = `${topic.split('.').at(-1)} ${partition}/${offset}`
    return [
      { where: `key of ${where}`, bytes: key ?? Buffer.alloc(0) },
      { where, bytes: value ?? Buffer.alloc(0) },
      ...Object.entries(headers).flatMap(([name, text]) => [
        { where: `name of a header of ${where}`, bytes: Buffer.from(name) },
        { where: `header ${name} of ${where}`, bytes: Buffer.from(text ?? '') },
      ]),
    ]
  })

const valueOf = async (redis: Redis, key: Buffer): Promise<readonly Buffer[]> => {
  const type = await redis.type(key)
  switch (type) {
    case 'string':
      return [(await redis.getBuffer(key)) ?? Buffer.alloc(0)]
    case 'list':
      return redis.lrangeBuffer(key, 0, -1)
    case 'set':
      return redis.smembersBuffer(key)
    case 'zset':
      return redis.zrangeBuffer(key, '0', '-1')
    case 'hash':
      return Object.entries(await redis.hgetallBuffer(key)).flatMap(([name, value]) => [
        Buffer.from(name),
        value,
      ])
    case 'none':
      return []
    default:
      throw new Error(`expected a type of Redis that this test knows, found ${type}`)
  }
}

/** Every key and value as they are, not packed as DUMP gives them. */
export const outputsOfRedis = async (redis: Redis): Promise<readonly Output[]> => {
  const outputs: Output[] = []
  let cursor = '0'
  do {
    const [next, keys] = await redis.scanBuffer(cursor)
    cursor = next.toString()
    for (const key of keys) {
      outputs.push({ where: 'a key of Redis', bytes: key })
      for (const bytes of await valueOf(redis, key))
        outputs.push({ where: `Redis ${key.toString('latin1')}`, bytes })
    }
  } while (cursor !== '0')
  return outputs
}
