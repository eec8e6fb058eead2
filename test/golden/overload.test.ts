import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openShedding } from '../../src/compose/shedding.ts'
import type { Decision } from '../../src/domain/decision.ts'
import { createHasher } from '../../src/features/hashing.ts'
import { writeActive } from '../../src/model/activeWriter.file.ts'
import { createOpening } from '../../src/model/openScorer.ts'
import { createLog } from '../../src/ops/log.ts'
import { createDecisionCodec } from '../../src/stream/codec/decision.ts'
import { createPaymentCodec } from '../../src/stream/codec/payment.ts'
import { loadSchemas, ownSchemasFolder } from '../../src/stream/codec/schemas.file.ts'
import { createMemoryFlow, type MemoryFlow } from '../support/memoryFlow.ts'
import { activeOf, addVariant } from '../support/model/variants.ts'
import { aPayment } from '../support/payments.ts'

const now = Date.UTC(2026, 0, 15, 12)
const schemas = await loadSchemas(ownSchemasFolder)
const payments = createPaymentCodec(schemas)
const decisions = createDecisionCodec(schemas)

let models: string
let memory: MemoryFlow
let at = 0
let offset = 0
const told: string[] = []
const counted: string[] = []
const gauge: number[] = []

const shedding = openShedding({
  deadlineMs: 1_000,
  fromShare: 0.25,
  shadowBudgetMs: 10,
  metrics: {
    countShed: (work, count) => void counted.push(`${work} ${count}`),
    setShedLevel: (level) => void gauge.push(level),
  },
  log: createLog(
    { level: 'info', instance: 'test', version: 'test' },
    { write: (line) => void told.push(line) },
  ),
  now: () => now,
  monotonic: () => at,
})

/** In place of the champion one that stops nearly everything and can do without a feature; the shipped one in shadow. */
beforeAll(async () => {
  models = await mkdtemp(path.join(tmpdir(), 'sluice-overload-'))
  await cp(fileURLToPath(new URL('../../models', import.meta.url)), models, { recursive: true })
  const strict = await addVariant(models, 'payment-risk/1', '2', { shift: 9, optional: ['ip.count.1h'] })
  // A rule that names a feature needs it, whatever the model says.
  const policy = path.join(models, 'policy.yaml')
  await writeFile(policy, (await readFile(policy, 'utf8')).replaceAll('ip.count.1h', 'ip.count.24h'))
  const { champion } = await activeOf(models, 'payment-risk/1')
  await writeActive(models, { ...(await activeOf(models, strict)), challengers: [champion] })
  const { openScorer, openShadow } = createOpening()
  memory = await createMemoryFlow(
    models,
    () => now,
    {
      openScorer,
      monotonic: () => at,
      challenging: {
        openShadow,
        hashText: (text) => createHasher(Buffer.alloc(16, 7)).hashContent(Buffer.from(text)),
        budgetMs: 5_000,
        observer: {
          countPayments: () => undefined,
          countOpinion: () => undefined,
          observeCall: () => undefined,
          onFailure: () => undefined,
        },
      },
    },
    shedding.shed,
  )
})
afterAll(async () => {
  shedding.stop()
  memory.engine.dispose()
  await rm(models, { recursive: true })
})

/** Some payments that have waited so long. */
const sendAged = (...ages: readonly number[]) => send(ages)

const send = async (ages: readonly number[], respondBy: number | null = null, enteredAt = at) => {
  await memory.flow(
    Array.from({ length: 5 }, (_, i) => ages[i % ages.length] ?? NaN).map((ageMs) => ({
      topic: 'payments',
      partition: 0,
      offset: offset++,
      timestamp: now - ageMs,
      key: null,
      value: payments.encode(
        aPayment({
          paymentId: `pay-${offset}`,
          accountId: `acc-${offset}`,
          occurredAt: Math.max(now - ageMs, now - 86_400_000),
          respondBy,
        }),
      ),
      headers: {},
      enteredAt,
    })),
  )
  const outbound = memory.published.at(-1)!
  const answers: readonly Decision[] = outbound.answers.map(({ bytes }) => decisions.decode(bytes))
  const optional = memory.engine.features.indexOf('ip.count.1h')
  return {
    shed: answers.map(({ shed }) => shed.join(' ')),
    reasons: answers.map(({ reasons }) => reasons),
    outcomes: new Set(answers.map(({ outcome }) => outcome)),
    late: answers.map(({ late }) => late),
    asksOthers: outbound.secondOpinions !== null,
    opinions: await (outbound.secondOpinions?.(outbound.settled.map(({ assessed }) => assessed)) ?? null),
    optional: outbound.settled.map(({ assessed }) => assessed.features[optional]),
  }
}

const each = <T>(value: T): readonly T[] => Array.from({ length: 5 }, () => value)

describe('payments that wait longer and longer', () => {
  it('in time: nothing is left out', async () => {
    const calm = await sendAged(20)
    expect(calm.shed).toEqual(each(''))
    expect(calm.asksOthers).toBe(true)
    expect(calm.reasons.every((all) => all.some(({ contribution }) => contribution !== null))).toBe(true)
    expect(calm.optional.every((value) => value !== undefined && value >= 1)).toBe(true)
    expect(told).toEqual([])
  })

  it('a quarter of the deadline: models in shadow are not asked', async () => {
    const first = await sendAged(300)
    expect(first.shed).toEqual(each('challengers'))
    expect(first.asksOthers).toBe(false)
    expect(first.reasons.every((all) => all.some(({ contribution }) => contribution !== null))).toBe(true)
    expect(counted).toEqual(['challengers 5'])
  })

  it('half: no reasons of the model, and those of the policy stay', async () => {
    const second = await sendAged(600)
    expect(second.shed).toEqual(each('challengers reasons'))
    for (const all of second.reasons) {
      expect(all.length).toBeGreaterThan(0)
      expect(all.every(({ contribution }) => contribution === null)).toBe(true)
    }
  })

  it('three quarters: what the model can do without is not known, and never 0; outcomes are as strict', async () => {
    const third = await sendAged(800)
    expect(third.shed).toEqual(each('challengers reasons optional_features'))
    expect(third.optional).toEqual(each(NaN))
    expect(third.late).toEqual(each(false))
    expect(gauge).toEqual([0, 1, 2, 3])
    expect(told.map((line) => JSON.parse(line) as object)).toMatchObject(
      [1, 2, 3].map((shedLevel) => ({ level: 'warn', shedLevel })),
    )
  })

  it('beyond the deadline the same, and late', async () => {
    const late = await sendAged(1_500)
    expect(late.late).toEqual(each(true))
    expect(late.shed).toEqual(each('challengers reasons optional_features'))
  })

  it('young ones again, for long enough: everything is back', async () => {
    at = 10_000
    await sendAged(10)
    at = 20_000
    await sendAged(10)
    at = 30_000
    const calm = await sendAged(10)
    expect(calm.shed).toEqual(each(''))
    expect(gauge.at(-1)).toBe(0)
  })

  it('two old ones among five order nothing for the others', async () => {
    const late = 'challengers reasons'
    expect((await sendAged(10, 60_000, 10, 10, 60_000)).shed).toEqual(['', late, '', '', late])
    expect(gauge.at(-1)).toBe(0)
  })

  it('records without a timestamp order nothing: nobody knows how old they are', async () => {
    // Kafka's word for none is -1.
    expect((await sendAged(now + 1)).shed).toEqual(each(''))
    expect(gauge.at(-1)).toBe(0)
  })

  it('a late one among calm goes the shortest way: no reasons of the model, and nobody else is asked', async () => {
    const late = await send([10], now - 1)
    expect(late.late).toEqual(each(true))
    expect(late.shed).toEqual(each('challengers reasons'))
    expect(late.reasons.every((all) => all.every(({ contribution }) => contribution === null))).toBe(true)
    expect(late.opinions).toEqual(each([]))
    const inTime = await send([10], now + 1_000)
    expect(inTime.shed).toEqual(each(''))
    expect(inTime.late).toEqual(each(false))
    expect(inTime.opinions?.map(({ length }) => length)).toEqual(each(1))
  })
  it('those whose records have no time order nothing: how long they waited is not known', async () => {
    const timeless = await sendAged(now + 1)
    expect([timeless.late, timeless.shed]).toEqual([each(false), each('')])
    expect(gauge.at(-1)).toBe(0)
  })

  it('one that waited in the instance for longer than models in shadow may be asked says that they were not', async () => {
    const inTime = await send([20], null, at - 10)
    expect([inTime.shed, inTime.opinions?.map(({ length }) => length)]).toEqual([each(''), each(1)])
    const waited = await send([20], null, at - 11)
    expect([waited.shed, waited.opinions?.map(({ length }) => length)]).toEqual([
      each('challengers'),
      each(0),
    ])
  })
})
