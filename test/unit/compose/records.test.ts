import { expect, it } from 'vitest'
import { auditOf } from '../../../src/compose/records.ts'
import type { ModelOpinion } from '../../../src/domain/decision.ts'
import type { Settled } from '../../../src/stream/flow.ts'

const settled = (assessedBy: string, decidedBy: string): Settled =>
  ({
    assessedBy,
    assessed: { source: {}, features: Float64Array.of(1, NaN), degraded: [] },
    decided: { decision: { bundleHash: decidedBy } },
  }) as unknown as Settled

const opinion: ModelOpinion = { model: 'm/2', probability: 0.5, outcome: 'ALLOW', scoreMicros: 1 }

it('a decision has its row in the audit record, and never the row of another bundle', () => {
  expect(auditOf(settled('a', 'a'), [opinion]).features).toEqual([1, NaN])
  expect(auditOf(settled('a', 'a'), [opinion]).otherModels).toEqual([opinion])
  // Given before a swap, and again after it to the payment that was delivered again.
  expect(auditOf(settled('b', 'a'), [opinion])).toMatchObject({ features: [], otherModels: [] })
})
