import { describe, expect, it } from 'vitest'
import { openSharedHashes } from '../../../src/compose/sharedHashes.ts'
import { createIntake } from '../../../src/intel/intake.ts'
import { indicatorOf } from '../../../src/intel/out/builders.ts'
import { createKeyedHash } from '../../../src/intel/out/keyedHash.ts'
import { markingOf } from '../../../src/intel/out/tlp.ts'
import { createIntelTable } from '../../../src/intel/table/table.ts'
import { hashContact, hashText } from '../../support/intel/indicators.ts'
import { aPayment } from '../../support/payments.ts'

const key = Buffer.alloc(32, 7)
const knownAt = Date.UTC(2026, 0, 5)
const id = 'indicator--11111111-1111-4111-8111-111111111111'

/** What another member publishes of a payee. */
const sharedPayee = (payee: string, by = key): unknown => {
  const { keyId, hash } = createKeyedHash(by)
  const sharer = {
    identityId: 'identity--22222222-2222-4222-8222-222222222222',
    attackPatternId: 'attack-pattern--33333333-3333-4333-8333-333333333333',
    markingRef: markingOf('green'),
    keyId,
  }
  const identifier = { kind: 'payee', hash: hash('payee', payee) } as const
  const label = {
    verdict: 'fraud',
    paymentRef: 'r',
    occurredAt: knownAt,
    knownAt,
    confidence: 85,
    identifiers: [identifier],
  } as const
  return indicatorOf(sharer, identifier, label, id)
}

const readerWith = (own: Buffer | null) => {
  const sharing = openSharedHashes(own)
  const table = createIntelTable(hashText, sharing.hashOf)
  return { table, intake: createIntake(table, { hashContact, sharedKeyId: sharing.keyId }) }
}

describe('what another member shares as a keyed hash', () => {
  const at = knownAt + 1
  it('lists the payee for whoever has the key, and nobody and nothing else', () => {
    const { table, intake } = readerWith(key)
    expect(intake.take(sharedPayee('mule-1')).result).toBe('listed')
    expect(table.find('payee', aPayment({ payeeId: 'mule-1' }), at)).toMatchObject({ id, confidence: 85 })
    expect(table.find('payee', aPayment({ payeeId: 'mule-2' }), at)).toBeNull()
    expect(table.find('device', aPayment({ deviceId: 'mule-1' }), at)).toBeNull()
    table.remove(id.slice('indicator--'.length))
    expect(table.find('payee', aPayment({ payeeId: 'mule-1' }), at)).toBeNull()
  })

  it('is told as not compiled to whoever has another key, or none', () => {
    for (const own of [null, Buffer.alloc(32, 8)]) {
      const { table, intake } = readerWith(own)
      expect(intake.take(sharedPayee('mule-1'))).toMatchObject({
        result: 'not_compiled',
        losses: [{ reason: 'VALUE', detail: 'payment-identifier under a key that is not ours' }],
      })
      expect(table.find('payee', aPayment({ payeeId: 'mule-1' }), at)).toBeNull()
    }
  })
})
