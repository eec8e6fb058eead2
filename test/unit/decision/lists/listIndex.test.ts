import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { acts, createFindListed } from '../../../../src/decision/lists/findListed.ts'
import { createListIndex } from '../../../../src/decision/lists/listIndex.ts'
import { listSubjects, type ListEntry } from '../../../../src/domain/listEntry.ts'
import type { Payment } from '../../../../src/domain/payment.ts'
import { contains, maskWords, networkText, parseNetwork } from '../../../../src/intel/address.ts'
import { aListEntry } from '../../../support/listEntries.ts'
import { aPayment, aReceived } from '../../../support/payments.ts'

const addresses = { parseNetwork, maskWords, networkText }
const indexOf = (entries: readonly ListEntry[]) => {
  const index = createListIndex(addresses)
  for (const entry of entries) index.put(entry)
  return index
}
const idsIn = (index: ReturnType<typeof indexOf>, payment: Payment): readonly string[] => {
  const found: string[] = []
  index.visit(payment, ({ entryId }) => found.push(entryId))
  return found.toSorted()
}

describe('an index of list entries', () => {
  it.each<[Partial<ListEntry>, Partial<Payment>]>([
    [{ subject: 'ACCOUNT', token: 'x' }, { accountId: 'x' }],
    [{ subject: 'CARD', token: 'x' }, { cardToken: 'x' }],
    [{ subject: 'DEVICE', token: 'x' }, { deviceId: 'x' }],
    [{ subject: 'PAYEE', token: 'x' }, { payeeId: 'x' }],
    [{ subject: 'MERCHANT', token: 'x' }, { merchantId: 'x' }],
    [{ subject: 'IP', token: '203.0.113.7' }, { ipAddress: '203.0.113.7' }],
    [{ subject: 'IP', token: '203.0.113.0/24' }, { ipAddress: '::ffff:203.0.113.7' }],
    [{ subject: 'IP', token: '2001:db8::/32' }, { ipAddress: '2001:db8::1' }],
    [
      { subject: 'ACCOUNT_PAYEE', token: 'x', payeeId: 'y' },
      { accountId: 'x', payeeId: 'y' },
    ],
  ])('finds %o for %o and for nothing else', (entry, payment) => {
    const index = indexOf([aListEntry(entry)])
    expect(idsIn(index, aPayment(payment))).toEqual(['entry-1'])
    expect(idsIn(index, aPayment({ ...payment, ...elsewhere(payment) }))).toEqual([])
  })

  it('holds the newest of an id, and lets go of what is removed', () => {
    const index = indexOf([aListEntry(), aListEntry({ token: 'payee-2' })])
    expect(index.size()).toBe(1)
    expect(idsIn(index, aPayment({ payeeId: 'payee-1' }))).toEqual([])
    expect(idsIn(index, aPayment({ payeeId: 'payee-2' }))).toEqual(['entry-1'])
    index.remove('entry-1')
    index.remove('entry-1')
    expect([index.size(), idsIn(index, aPayment({ payeeId: 'payee-2' }))]).toEqual([0, []])
  })

  it('refuses what is no network, and keeps what it had', () => {
    const index = indexOf([aListEntry({ subject: 'IP', token: '203.0.113.7' })])
    expect(index.put(aListEntry({ subject: 'IP', token: '203.0.113' }))).toBe(false)
    expect(idsIn(index, aPayment({ ipAddress: '203.0.113.7' }))).toEqual(['entry-1'])
  })
})

const elsewhere = (payment: Partial<Payment>): Partial<Payment> =>
  Object.fromEntries(
    Object.keys(payment).map((field) => [field, field === 'ipAddress' ? '198.51.100.1' : 'another']),
  )

describe('the times of an entry', () => {
  const [from, until, never] = [1_000, 2_000, Infinity]
  const block = aListEntry({ from, until })
  const allow = aListEntry({ effect: 'ALLOW', from, until })

  it.each([
    [999, 999, false, false],
    [1_000, 1_000, true, true],
    [1_999, 1_999, true, true],
    [2_000, 2_000, false, false],
    // The sender says that it was earlier than the broker does.
    [999, 1_000, true, false],
    [1_999, 2_000, true, false],
    // No record timestamp.
    [1_500, -1, true, true],
  ])('effective at %d, recorded at %d: block %s, allow %s', (effectiveAt, recordedAt, blocks, allows) => {
    expect(acts(block, effectiveAt, recordedAt, never)).toBe(blocks)
    expect(acts(allow, effectiveAt, recordedAt, never)).toBe(allows)
  })

  it('ends an exception where the policy does, but no block', () => {
    expect(acts(allow, 1_100, 1_100, 100)).toBe(false)
    expect(acts(allow, 1_099, 1_099, 100)).toBe(true)
    expect(acts(block, 1_100, 1_100, 100)).toBe(true)
    expect(acts(aListEntry({ from, until: null }), 1e12, 1e12, 100)).toBe(true)
  })
})

const tokens = ['a', 'b', 'c'] as const
const ips = ['10.0.0.1', '10.0.0.2', '10.1.0.1', '2001:db8::1'] as const
const networks = [...ips, '10.0.0.0/30', '10.0.0.0/8', '0.0.0.0/0', '2001:db8::/32', '::/0'] as const
const anEntry: fc.Arbitrary<ListEntry> = fc
  .record({
    entryId: fc.constantFrom('e1', 'e2', 'e3', 'e4', 'e5', 'e6'),
    subject: fc.constantFrom(...listSubjects.slice(1)),
    token: fc.constantFrom(...tokens),
    network: fc.constantFrom(...networks),
    payeeId: fc.constantFrom(...tokens),
  })
  .map(({ network, payeeId, ...rest }) =>
    aListEntry({
      ...rest,
      token: rest.subject === 'IP' ? network : rest.token,
      payeeId: rest.subject === 'ACCOUNT_PAYEE' ? payeeId : null,
    }),
  )
const anyPayment = fc.record({
  accountId: fc.constantFrom(...tokens),
  cardToken: fc.constantFrom(...tokens, null),
  deviceId: fc.constantFrom(...tokens, null),
  payeeId: fc.constantFrom(...tokens, null),
  merchantId: fc.constantFrom(...tokens, null),
  ipAddress: fc.constantFrom(...ips, null),
})

const names = ({ subject, token, payeeId }: ListEntry, payment: Payment): boolean => {
  const address = payment.ipAddress === null ? null : parseNetwork(payment.ipAddress)
  const network = parseNetwork(token)
  switch (subject) {
    case 'UNKNOWN':
      return false
    case 'IP':
      return address !== null && network !== null && contains(network, address)
    case 'ACCOUNT_PAYEE':
      return payment.accountId === token && payment.payeeId === payeeId
    case 'ACCOUNT':
      return payment.accountId === token
    case 'CARD':
      return payment.cardToken === token
    case 'DEVICE':
      return payment.deviceId === token
    case 'PAYEE':
      return payment.payeeId === token
    case 'MERCHANT':
      return payment.merchantId === token
  }
}

it('finds what a walk over all entries finds, whatever came and went', () => {
  const change = fc.oneof(anEntry, fc.constantFrom('e1', 'e2', 'e3'))
  fc.assert(
    fc.property(fc.array(change, { maxLength: 30 }), fc.array(anyPayment), (changes, payments) => {
      const index = createListIndex(addresses)
      const kept = new Map<string, ListEntry>()
      for (const each of changes)
        if (typeof each === 'string') {
          index.remove(each)
          kept.delete(each)
        } else {
          index.put(each)
          kept.set(each.entryId, each)
        }
      const find = createFindListed([index], Infinity)
      for (const over of payments) {
        const received = { ...aReceived(over), effectiveAt: Date.UTC(2026, 5, 1) }
        const naive = [...kept.values()].filter((entry) => names(entry, received.payment))
        const found = idsIn(index, received.payment)
        expect(found).toEqual(naive.map(({ entryId }) => entryId).toSorted())
        expect(find(received).length).toBeLessThanOrEqual(naive.length)
      }
    }),
  )
})
