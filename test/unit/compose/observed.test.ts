import { expect, it } from 'vitest'
import { observeStages } from '../../../src/compose/observed.ts'
import { createMetrics } from '../../../src/ops/metrics.ts'
import { asDecided } from '../../../src/stream/answer.ts'
import type { Settled, Stages } from '../../../src/stream/flow.ts'
import { anAssessed } from '../../support/payments.ts'
import { aDecision } from '../../support/simulated.ts'

const now = Date.UTC(2026, 0, 15, 12)

const settled = (timestamp: number): Settled => {
  const assessed = { ...anAssessed(), source: { ...anAssessed().source, timestamp } }
  const decided = asDecided({ assessed, decision: aDecision(), bytes: Buffer.alloc(0) })
  return { assessed, assessedBy: '', decided }
}

it('measures end to end from the timestamp of Kafka, and not where a record has none', async () => {
  const { metrics, exposition } = createMetrics()
  const { publish } = observeStages(
    { publish: () => Promise.resolve(new Map()) } as unknown as Stages<never>,
    metrics,
    { now: () => now, monotonic: () => 0 },
    () => undefined,
  )
  await publish({
    settled: [settled(now - 20), settled(-1)],
    answers: [],
    refused: [],
    secondOpinions: null,
  })
  const text = await exposition.render()
  expect(text).toMatch(/^sluice_end_to_end_seconds_count 1$/m)
  expect(text).toMatch(/^sluice_end_to_end_seconds_sum 0\.02$/m)
})
