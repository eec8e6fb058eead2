import fc from 'fast-check'
import { createKeyedHash } from '../../../src/intel/out/keyedHash.ts'
import type { Label } from '../../../src/intel/out/label.ts'
import { createPreface } from '../../../src/intel/out/preface.ts'
import { markingOf } from '../../../src/intel/out/tlp.ts'

export const keyedHash = createKeyedHash(Buffer.alloc(32, 3))
export const preface = createPreface('Example Bank')
export const sharer = { ...preface, keyId: keyedHash.keyId, markingRef: markingOf('amber') }

const start = Date.UTC(2026, 0, 5)

export const aLabel = (over: Partial<Label> = {}): Label => ({
  paymentRef: keyedHash.hash('payment', 'pay-1'),
  verdict: 'fraud',
  confidence: 85,
  occurredAt: start,
  knownAt: start + 3_600_000,
  identifiers: [{ kind: 'payee', hash: keyedHash.hash('payee', 'mule') }],
  ...over,
})

/** Labels of few payments to few payees, each known a minute after the one before. */
export const anyLabels = fc
  .array(
    fc.record({
      payment: fc.nat(3),
      verdict: fc.constantFrom('fraud' as const, 'genuine' as const),
    }),
    { maxLength: 20 },
  )
  .map((told) =>
    told.map(({ payment, verdict }, index) =>
      aLabel({
        paymentRef: keyedHash.hash('payment', `pay-${payment}`),
        verdict,
        knownAt: start + 3_600_000 + index * 60_000,
        identifiers: [
          { kind: 'payee', hash: keyedHash.hash('payee', `mule-${payment % 2}`) },
          { kind: 'device', hash: keyedHash.hash('device', `phone-${payment}`) },
        ],
      }),
    ),
  )
