import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { positionsTaken } from '../../../src/stream/taken.ts'

const taken = (partition: number, baseOffset: string) => ({ topicName: 'audit', partition, baseOffset })

describe('what a broker has taken', () => {
  it('reaches behind the last message of each partition', () => {
    const messages = [{ partition: 2 }, { partition: 0 }, { partition: 2 }]
    expect(positionsTaken('audit', messages, [taken(0, '7'), taken(2, '40')])).toEqual(
      new Map([
        [2, '42'],
        [0, '8'],
      ]),
    )
  })

  it('is nothing where nothing was sent', () => {
    expect(positionsTaken('audit', [], [])).toEqual(new Map())
  })

  it('is not known of a message in which no partition is noted', () => {
    expect(() => positionsTaken('audit', [{}], [taken(0, '7')])).toThrow(/audit/)
  })

  it('fails exactly where a partition that got messages is not among what was taken', () => {
    const partition = fc.nat(7)
    fc.assert(
      fc.property(fc.array(partition), fc.uniqueArray(partition), (sent, acknowledged) => {
        const ask = () =>
          positionsTaken(
            'audit',
            sent.map((each) => ({ partition: each })),
            acknowledged.map((each) => taken(each, '0')),
          )
        if (sent.every((each) => acknowledged.includes(each))) expect(ask().size).toBe(new Set(sent).size)
        else expect(ask).toThrow(expect.objectContaining({ code: 'KAFKA_UNAVAILABLE', retriable: true }))
      }),
    )
  })
})
