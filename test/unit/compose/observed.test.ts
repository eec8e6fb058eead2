import { describe, expect, it } from 'vitest'
import { observeStages } from '../../../src/compose/observed.ts'
import type { Assessed } from '../../../src/domain/decision.ts'
import { createMetrics } from '../../../src/ops/metrics.ts'
import type { Positions, Stages } from '../../../src/stream/flow.ts'
import { anAssessed, aReceived } from '../../support/payments.ts'
import { aDecision } from '../../support/simulated.ts'

const now = Date.UTC(2026, 0, 15)

/** Only what is looked at here is ever asked for. */
const stages: Stages<Assessed> = {
  decode: () => aReceived(),
  recall: () => Promise.resolve([]),
  deciding: () => {
    throw new Error('nothing is decided here')
  },
  publish: () => Promise.resolve(new Map()),
  conclude: () => Promise.resolve(),
}

const { source } = aReceived()

const publishedAt = async (
  timestamp: number,
  positions: Positions = new Map([[source.partition, '1']]),
): Promise<string> => {
  const { metrics, exposition } = createMetrics()
  const publishing = { ...stages, publish: () => Promise.resolve(positions) }
  const clocks = { now: () => now, monotonic: () => 0 }
  const { publish } = observeStages(publishing, metrics, clocks, () => undefined)
  const assessed = anAssessed({ source: { ...source, timestamp } })
  const decided = {
    received: assessed,
    decision: aDecision(),
    bytes: Buffer.alloc(0),
    repeated: false,
    published: false,
    redelivered: false,
  }
  await publish({
    settled: [{ assessed, assessedBy: 'bundle', decided }],
    answers: [],
    refused: [],
    secondOpinions: null,
  })
  return exposition.render()
}

describe('the time from a record to its published decision', () => {
  it('is counted from the time of the record', async () => {
    const text = await publishedAt(now - 20)
    expect(text).toMatch(/^sluice_end_to_end_seconds_sum 0\.02$/m)
    expect(text).toMatch(/^sluice_end_to_end_seconds_count 1$/m)
  })

  it('is not known of a record without a time, and not half a century', async () => {
    const text = await publishedAt(-1)
    expect(text).toMatch(/^sluice_end_to_end_seconds_sum 0$/m)
    expect(text).toMatch(/^sluice_end_to_end_seconds_count 0$/m)
  })
})

describe('a decision that was not published, as its partition was lost', () => {
  it('is not counted: it comes again', async () => {
    const decisions = /^sluice_decisions_total\{.*\} [1-9]/m
    expect(await publishedAt(now - 20)).toMatch(decisions)
    const text = await publishedAt(now - 20, new Map())
    expect(text).not.toMatch(decisions)
    expect(text).toMatch(/^sluice_end_to_end_seconds_count 0$/m)
  })
})
