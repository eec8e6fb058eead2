import { describe, expect, test } from 'vitest'
import { viewOf } from '../../../src/features/clusterView.ts'
import { slotOfShard } from '../../../src/features/slots.ts'

type Claim = {
  readonly name: string
  readonly flags?: string
  readonly epoch?: number
  readonly slots?: string
  readonly address?: string
}

const textOf = (claims: readonly Claim[]): string =>
  claims
    .map(({ name, flags = 'master', epoch = 1, slots = '', address = `${name}:1@2` }) =>
      `${name} ${address} ${flags} - 0 0 ${epoch} connected ${slots}`.trim(),
    )
    .join('\n')

const replyOf = (...claims: readonly Claim[]) => ({ text: `${textOf(claims)}\n`, host: 'asked' })

/** Who has the first shard, whose slot is `slot`. */
const slot = slotOfShard[0] ?? 0
const holderIn = (...replies: Parameters<typeof viewOf>[0]): string | undefined => {
  const { masters, owners } = viewOf(replies)
  return masters[owners[0] ?? -1]
}

describe('viewOf', () => {
  test('knows the slots as Redis does', () => {
    // CLUSTER KEYSLOT {s0}, {s1}, {s1023} of Redis 7.0.
    expect([0, 1, 1023].map((shard) => slotOfShard[shard])).toEqual([11_097, 15_224, 2_411])
  })

  test('has each shard with the master of its slot', () => {
    const { masters, owners } = viewOf([
      replyOf({ name: 'a', flags: 'myself,master', slots: '0-8191' }, { name: 'b', slots: '8192-16383' }),
    ])
    expect(masters.toSorted()).toEqual(['a:1', 'b:1'])
    owners.forEach((owner, shard) =>
      expect(masters[owner]).toBe((slotOfShard[shard] ?? 0) < 8192 ? 'a:1' : 'b:1'),
    )
  })

  test('leaves out replicas and what has no address, keeps a master that failed', () => {
    expect(
      holderIn(
        replyOf(
          { name: 'a', flags: 'slave', slots: '0-16383' },
          { name: 'b', flags: 'master,fail', slots: '0-16383' },
        ),
      ),
    ).toBe('b:1')
    expect(holderIn(replyOf({ name: 'a', flags: 'master,noaddr', slots: '0-16383' }))).toBeUndefined()
  })

  test('believes the greatest epoch, and among equals who speaks of itself', () => {
    const old = replyOf({ name: 'a', flags: 'myself,master', slots: '0-16383' })
    const young = replyOf({ name: 'b', flags: 'myself,master', epoch: 2, slots: String(slot) })
    expect(holderIn(old, young)).toBe('b:1')
    expect(holderIn(young, old)).toBe('b:1')
    const hearsay = replyOf({ name: 'a', flags: 'myself,master' }, { name: 'c', slots: '0-16383' })
    expect(holderIn(hearsay, old)).toBe('a:1')
  })

  test('has a slot that is on the move with nobody, once its holder says so', () => {
    const leaving = `${slot} [${slot}->-b]`
    expect(holderIn(replyOf({ name: 'a', flags: 'myself,master', slots: leaving }))).toBeUndefined()
    expect(
      holderIn(
        replyOf({ name: 'a', flags: 'myself,master', slots: leaving }),
        replyOf({ name: 'b', flags: 'myself,master', epoch: 2, slots: String(slot) }),
      ),
    ).toBe('b:1')
    const coming = `[${slot}-<-a]`
    expect(
      holderIn(
        replyOf({ name: 'b', flags: 'myself,master', slots: coming }, { name: 'a', slots: '0-16383' }),
      ),
    ).toBe('a:1')
  })

  test.each([
    ['192.0.2.1:6379@16379', '192.0.2.1:6379'],
    ['192.0.2.1:6379@16379,one.example', 'one.example:6379'],
    ['192.0.2.1:6379@16379,,tls-port=0,shard-id=12ab', '192.0.2.1:6379'],
    ['2001:db8::1:6379@16379', '[2001:db8::1]:6379'],
    [':6379@16379', 'asked:6379'],
  ])('reads the address %s', (address, expected) => {
    expect(holderIn(replyOf({ name: 'a', flags: 'myself,master', slots: '0-16383', address }))).toBe(expected)
  })
})
