import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Challenging } from '../../src/compose/challengers.ts'
import { auditOf } from '../../src/compose/records.ts'
import type { Audit } from '../../src/domain/audit.ts'
import type { Decision } from '../../src/domain/decision.ts'
import { createHasher } from '../../src/features/hashing.ts'
import { readActive, writeActive } from '../../src/model/activeWriter.file.ts'
import { createOpening } from '../../src/model/openScorer.ts'
import { createAuditCodec } from '../../src/stream/codec/audit.ts'
import { createPaymentCodec } from '../../src/stream/codec/payment.ts'
import { loadSchemas, ownSchemasFolder } from '../../src/stream/codec/schemas.file.ts'
import { createMemoryFlow } from '../support/memoryFlow.ts'
import { activate, activeOf, addVariant } from '../support/model/variants.ts'
import { aPayment } from '../support/payments.ts'

const champion = 'payment-risk/1'
const schemas = await loadSchemas(ownSchemasFolder)
const payments = createPaymentCodec(schemas)
const audits = createAuditCodec(schemas)
const hasher = createHasher(Buffer.alloc(16, 7))
const hashText = (text: string): string => hasher.hashContent(Buffer.from(text))

let models: string
let strict: string
beforeAll(async () => {
  models = await mkdtemp(path.join(tmpdir(), 'sluice-challengers-'))
  await cp(fileURLToPath(new URL('../../models', import.meta.url)), models, { recursive: true })
  // So much stricter that it stops what the champion allows, and asks for a feature that the champion does not know.
  strict = await addVariant(models, champion, '2', { shift: 9, renamed: { 'ip.count.1h': 'ip.count.37m' } })
})
afterAll(() => rm(models, { recursive: true }))

type Challenger = { readonly model: string; readonly canaryShare?: number; readonly backend?: 'cpu' }

const challenge = async (...challengers: readonly Challenger[]): Promise<void> => {
  const active = await activate(models, champion)
  const entries = await Promise.all(
    challengers.map(async ({ model, canaryShare, backend }) => {
      const { champion: entry } = await activeOf(models, model)
      const pin = backend === undefined ? entry.pin : { ...entry.pin, backend }
      return { ...entry, pin, ...(canaryShare === undefined ? {} : { canaryShare }) }
    }),
  )
  await writeActive(models, { ...active, challengers: entries })
}

type Ran = {
  readonly decisions: readonly Decision[]
  readonly audits: readonly Audit[]
  readonly told: string[]
}

const now = Date.UTC(2026, 0, 15, 12)

/** Forty payments of as many accounts in one micro-batch, and what the publisher makes of them. */
const run = async (over: Partial<Challenging> = {}): Promise<Ran> => {
  const told: string[] = []
  const { openScorer, openShadow } = createOpening()
  const challenging: Challenging = {
    openShadow,
    hashText,
    budgetMs: 5_000,
    observer: {
      countPayments: (result, count) => count > 0 && told.push(`${result} ${count}`),
      countOpinion: () => undefined,
      observeCall: () => undefined,
      onFailure: (model, error) => told.push(`${model}: ${String(error)}`),
    },
    ...over,
  }
  const memory = await createMemoryFlow(models, () => now, { openScorer, challenging })
  await memory.flow(
    Array.from({ length: 40 }, (_, offset) => ({
      topic: 'payments',
      partition: 0,
      offset,
      timestamp: now,
      key: null,
      value: payments.encode(
        aPayment({
          paymentId: `pay-${offset}`,
          accountId: `acc-${offset}`,
          occurredAt: now,
          amountMinor: 2_500,
        }),
      ),
      headers: {},
      enteredAt: 0,
    })),
  )
  const [outbound] = memory.published
  if (outbound === undefined) throw new Error('nothing was published')
  const opinions = await outbound.secondOpinions?.(outbound.settled.map(({ assessed }) => assessed))
  const records = outbound.settled.map((settled, i) =>
    audits.decode(audits.encode(auditOf(settled, opinions?.[i] ?? []))),
  )
  memory.engine.dispose()
  return { decisions: records.map(({ decision }) => decision), audits: records, told }
}

/** A decision without what differs from bundle to bundle. */
const saying = ({ outcome, probability, reasons, model }: Decision) => ({
  outcome,
  probability,
  reasons,
  model,
})

describe('a challenger in shadow', () => {
  it.each([
    ['on the engine of the champion', {}],
    ['on another engine, in a thread of its own', { backend: 'cpu' as const }],
  ])('%s changes no decision, and says in the audit what it would have', async (_, engine) => {
    await challenge()
    const alone = await run()
    await challenge({ model: strict, ...engine })
    const beside = await run()
    expect(beside.decisions.map(saying)).toEqual(alone.decisions.map(saying))
    expect(beside.told).toEqual(['scored 40'])
    for (const { decision, otherModels } of beside.audits) {
      expect(decision.model).toBe(champion)
      const [opinion, ...more] = otherModels
      expect([opinion?.model, more]).toEqual([strict, []])
      expect(opinion?.probability).toBeGreaterThan(decision.probability ?? NaN)
    }
    expect(
      beside.audits.some(
        ({ decision, otherModels }) => decision.outcome === 'ALLOW' && otherModels[0]?.outcome === 'BLOCK',
      ),
    ).toBe(true)
    expect(alone.audits.every(({ otherModels }) => otherModels.length === 0)).toBe(true)
  })

  it('gets another hash for its bundle, as it may not be there without being named', async () => {
    await challenge()
    const [alone] = (await run()).decisions
    await challenge({ model: strict })
    const [beside] = (await run()).decisions
    expect(beside?.bundleHash).not.toBe(alone?.bundleHash)
  })
})

describe('a canary', () => {
  it('decides for its accounts and for no others; the champion has an opinion of those', async () => {
    await challenge()
    const alone = await run()
    await challenge({ model: strict, canaryShare: 0.3 })
    const { decisions, audits: records } = await run()
    const taken = decisions.filter(({ model }) => model === strict)
    expect(taken.length).toBeGreaterThan(3)
    expect(taken.length).toBeLessThan(25)
    decisions.forEach((decision, at) => {
      const before = alone.decisions[at]
      const opinion = records[at]?.otherModels[0]
      if (decision.model === strict) {
        expect(decision.probability).toBeGreaterThan(before?.probability ?? NaN)
        expect([opinion?.model, opinion?.probability]).toEqual([champion, before?.probability])
      } else {
        expect(saying(decision)).toEqual(before === undefined ? undefined : saying(before))
        expect(opinion?.model).toBe(strict)
      }
    })
  })

  it('explains its own decisions', async () => {
    await challenge({ model: strict, canaryShare: 1 })
    const { decisions } = await run()
    const stopped = decisions.filter(({ outcome }) => outcome !== 'ALLOW')
    expect(stopped.length).toBeGreaterThan(0)
    for (const { logOdds, probability, explainedLogOdds } of stopped) {
      expect(1 / (1 + Math.exp(-(logOdds ?? NaN)))).toBeCloseTo(probability ?? NaN, 6)
      expect(explainedLogOdds).not.toBeNull()
    }
  })

  it('keeps whom it has when its share grows', async () => {
    const takenAt = async (canaryShare: number): Promise<readonly string[]> => {
      await challenge({ model: strict, canaryShare })
      return (await run()).decisions.filter(({ model }) => model === strict).map(({ paymentId }) => paymentId)
    }
    const few = await takenAt(0.2)
    expect(await takenAt(0.6)).toEqual(expect.arrayContaining([...few]))
  })

  it('is refused on another engine than the champion, twice, and twice the same', async () => {
    const refused = async (...challengers: readonly Challenger[]): Promise<string> => {
      try {
        await challenge(...challengers)
        return 'taken'
      } catch (error) {
        return String(error)
      }
    }
    expect(await refused({ model: strict, canaryShare: 0.1, backend: 'cpu' })).toContain(
      "a canary decides in the champion's thread: expected the engine wasm",
    )
    expect(await refused({ model: strict }, { model: strict })).toContain('payment-risk/2 is listed twice')
    expect(await refused({ model: champion })).toContain('payment-risk/1 is listed twice')
    expect((await readActive(models)).champion.path).toBe(champion)
  })
})
