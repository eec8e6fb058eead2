import fc from 'fast-check'
import kafkajs, { type PartitionerArgs } from 'kafkajs'
import { describe, expect, it } from 'vitest'
import { createPartitioner } from '../../../src/stream/partitioner.ts'

const { Partitioners } = kafkajs

const refuse = (): never => {
  throw new Error('asked for a message with a key or a partition')
}

const asked = (message: Partial<PartitionerArgs['message']>, partitions = 12): PartitionerArgs => ({
  topic: 'audit',
  partitionMetadata: Array.from({ length: partitions }, (_, partitionId) => ({
    partitionErrorCode: 0,
    partitionId,
    leader: 1,
    replicas: [1],
    isr: [1],
  })),
  message: { value: null, ...message },
})

describe('createPartitioner', () => {
  it('takes the partition that a message names', () => {
    expect(createPartitioner(() => refuse)()(asked({ partition: 7, key: 'k' }))).toBe(7)
  })

  it('leaves a message without partition and key to the other one, made once', () => {
    let made = 0
    const partitioner = createPartitioner(() => {
      made += 1
      return () => 5
    })()
    expect([partitioner(asked({})), partitioner(asked({ key: null }))]).toEqual([5, 5])
    expect(made).toBe(1)
  })

  it('notes in a message where it goes, and sends it there again', () => {
    let turn = 0
    const partitioner = createPartitioner<PartitionerArgs>(() => () => turn++)()
    const [keyless, keyed] = [asked({}), asked({ key: 'k' })]
    expect([partitioner(keyless), partitioner(keyless)]).toEqual([0, 0])
    expect(keyless.message.partition).toBe(0)
    const first = partitioner(keyed)
    // What was begun with so many partitions goes where it was meant to, also when there are more by now.
    expect(partitioner({ ...asked({}, 13), message: keyed.message })).toBe(first)
  })

  it('sends any key where kafkajs sends it', () => {
    const ours = createPartitioner(() => refuse)()
    const theirs = Partitioners.DefaultPartitioner()
    const buffer = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes))
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), buffer),
        fc.integer({ min: 1, max: 64 }),
        (key, partitions) => {
          expect(ours(asked({ key }, partitions))).toBe(theirs(asked({ key }, partitions)))
        },
      ),
    )
  })
})
