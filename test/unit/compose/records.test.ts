import { expect, it } from 'vitest'
import { auditOf } from '../../../src/compose/records.ts'
import type { ModelOpinion } from '../../../src/domain/decision.ts'
import type { IntelHit, Seen } from '../../../src/domain/seen.ts'
import type { Settled } from '../../../src/stream/flow.ts'

const hit: IntelHit = {
  subject: 'payee',
  indicatorId: 'indicator--1',
  source: 'a feed',
  confidence: null,
  modifiedAt: 1,
  tlp: 'GREEN',
}
const seen: Seen = {
  device: {
    deviceId: 'dev-1',
    observedAt: 5,
    platform: 'ANDROID',
    osVersion: '15',
    patchLevel: null,
    appVersion: null,
    readings: [],
    attestation: { verified: { at: 6, expiresAt: 9 }, expiredAt: null, failedAt: 7, replayedAt: null },
  },
  intelHits: [hit],
}

const settled = (assessedBy: string, decidedBy: string): Settled =>
  ({
    assessedBy,
    assessed: { source: {}, features: Float64Array.of(1, NaN), degraded: [], seen, listed: [] },
    decided: { decision: { bundleHash: decidedBy }, redelivered: assessedBy !== decidedBy },
  }) as unknown as Settled

const opinion: ModelOpinion = { model: 'm/2', probability: 0.5, outcome: 'ALLOW', scoreMicros: 1 }

it('a decision has its row in the audit record, and never the row of another bundle', () => {
  expect(auditOf(settled('a', 'a'), [opinion]).features).toEqual([1, NaN])
  expect(auditOf(settled('a', 'a'), [opinion]).otherModels).toEqual([opinion])
  // Given before a swap, and again after it to the payment that was delivered again.
  expect(auditOf(settled('b', 'a'), [opinion])).toMatchObject({ features: [], otherModels: [] })
})

it('a decision has the device and the indicators that were seen with its row, or neither', () => {
  expect(auditOf(settled('a', 'a'), [])).toMatchObject({
    device: {
      osVersion: '15',
      attestation: { verifiedAt: 6, verifiedUntil: 9, expiredAt: null, failedAt: 7, replayedAt: null },
    },
    intelHits: [hit],
    redelivered: false,
  })
  expect(auditOf(settled('a', 'a'), []).device).not.toHaveProperty('deviceId')
  expect(auditOf(settled('b', 'a'), [])).toMatchObject({ device: null, intelHits: [], redelivered: true })
})
