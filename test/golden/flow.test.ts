import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Decision } from '../../src/domain/decision.ts'
import type { DeviceHealth, SignalReading } from '../../src/domain/deviceHealth.ts'
import type { Payment } from '../../src/domain/payment.ts'
import { createDecisionCodec } from '../../src/stream/codec/decision.ts'
import { createPaymentCodec } from '../../src/stream/codec/payment.ts'
import { lagBit, nothingLags } from '../../src/features/degraded.ts'
import { loadSchemas, ownSchemasFolder } from '../../src/stream/codec/schemas.file.ts'
import type { RawRecord } from '../../src/stream/record.ts'
import { createMemoryFlow, type MemoryFlow } from '../support/memoryFlow.ts'
import { aPayment } from '../support/payments.ts'

const modelsFolder = fileURLToPath(new URL('../../models', import.meta.url))
const schemas = await loadSchemas(ownSchemasFolder)
const payments = createPaymentCodec(schemas)
const decisions = createDecisionCodec(schemas)
const start = Date.UTC(2026, 0, 15, 12)
const dayMs = 86_400_000

let clock = start
let memory: MemoryFlow
let offset = 0

const record = (value: Buffer | null, over: Partial<RawRecord> = {}): RawRecord => ({
  topic: 'payments',
  partition: 0,
  offset: offset++,
  timestamp: clock,
  key: Buffer.from('acc-1'),
  value,
  headers: {},
  enteredAt: 0,
  ...over,
})

const reading = (signal: SignalReading['signal'], state: SignalReading['state']): SignalReading => ({
  signal,
  state,
  source: 'app-sdk',
  attested: true,
  observedAt: clock,
  expiresAt: clock + 7 * dayMs,
})

const report = (deviceId: string, readings: readonly SignalReading[]): DeviceHealth => ({
  reportId: `${deviceId}-${clock}`,
  deviceId,
  observedAt: clock,
  platform: 'ANDROID',
  osVersion: '16',
  patchLevel: '2026-01-05',
  appVersion: '5.1.0',
  readings,
})

const healthy = [
  reading('SYSTEM_INTEGRITY', 'HEALTHY'),
  reading('REMOTE_ACCESS', 'HEALTHY'),
  reading('SCREEN_CAPTURE', 'HEALTHY'),
  reading('OVERLAY', 'HEALTHY'),
  reading('SMS_READER', 'HEALTHY'),
  reading('SIM_CHANGE', 'HEALTHY'),
  reading('DEBUGGER', 'HEALTHY'),
  reading('SCREEN_LOCK', 'HEALTHY'),
]

/** Sends one micro-batch and gives its answers in order. */
const send = async (...records: readonly RawRecord[]): Promise<readonly Decision[]> => {
  await memory.flow(records)
  return (memory.published.at(-1)?.answers ?? []).map(({ bytes }) => decisions.decode(bytes))
}

const pay = (over: Partial<Payment> = {}): Buffer =>
  payments.encode(aPayment({ occurredAt: clock, amountMinor: 2_500, ...over }))

const usual = async (days: number): Promise<void> => {
  for (let day = 0; day < days; day++) {
    clock += dayMs
    await send(record(pay({ paymentId: `usual-${day}`, amountMinor: 2_000 + day * 37 })))
  }
}

describe('the whole flow, bytes in and bytes out', () => {
  beforeAll(async () => {
    memory = await createMemoryFlow(modelsFolder, () => clock)
    await memory.report([report('dev-1', healthy)])
    await usual(6)
  })

  it('takes our own clock for records that have no time: nothing is late, and each answer can be read', async () => {
    const answers = await send(
      record(pay({ paymentId: 'timeless' }), { timestamp: -1 }),
      record(Buffer.from('?'), { timestamp: -1, headers: { 'payment-id': 'timeless-too' } }),
    )
    expect(answers).toMatchObject([
      { paymentId: 'timeless', late: false },
      { paymentId: 'timeless-too', late: false, decidedAt: clock },
    ])
  })

  it('allows what the account always does', async () => {
    clock += dayMs
    const [decision] = await send(record(pay({ paymentId: 'as-ever' })))
    expect(decision).toMatchObject({ paymentId: 'as-ever', outcome: 'ALLOW', degraded: [], late: false })
    expect(decision?.probability).toBeLessThan(0.1)
  })

  it('does not allow the same payment from a device that somebody controls, and asks where nobody watches', async () => {
    clock += 3_600_000
    await memory.report([
      report('dev-1', [reading('REMOTE_ACCESS', 'UNHEALTHY'), reading('SCREEN_CAPTURE', 'UNHEALTHY')]),
    ])
    const [decision] = await send(record(pay({ paymentId: 'watched' })))
    expect(decision?.outcome).not.toBe('ALLOW')
    expect(['PUSH', 'TOTP', 'PASSKEY', 'SMS_CODE']).not.toContain(decision?.stepUpMethod)
    expect(decision?.reasons.length).toBeGreaterThan(0)
    expect(decision?.notices.map(({ actionZh }) => actionZh.length > 0)).toContain(true)
  })

  it('knows of that device also while its reports lag, and says that they do', async () => {
    memory.lag(lagBit('device-health') | lagBit('account-events'))
    const [decision] = await send(record(pay({ paymentId: 'lagging' })))
    memory.lag(nothingLags)
    expect(decision).toMatchObject({ degraded: ['account-events', 'device-health'] })
    expect(decision?.outcome).not.toBe('ALLOW')
    expect(decision?.reasons.map(({ code }) => code)).toContain('REMOTE_CONTROL')
  })

  it('gives a resent payment its earlier answer, byte for byte, and one for each record', async () => {
    const bytes = pay({ paymentId: 'twice' })
    await send(record(bytes), record(bytes))
    const [first, second] = memory.published.at(-1)?.answers ?? []
    expect(first?.bytes.equals(second?.bytes ?? Buffer.alloc(0))).toBe(true)
    clock += 60_000
    await send(record(bytes))
    expect(memory.published.at(-1)?.answers[0]?.bytes.equals(first?.bytes ?? Buffer.alloc(0))).toBe(true)
  })

  it('decides another content under the same id by itself, with its own code', async () => {
    const [first] = await send(record(pay({ paymentId: 'reused', amountMinor: 1_000 })))
    const [second] = await send(record(pay({ paymentId: 'reused', amountMinor: 90_000 })))
    expect(second?.contentHash).not.toBe(first?.contentHash)
    expect(second?.reasons.map(({ code }) => code)).toContain('PAYMENT_ID_REUSED')
    expect(second?.outcome).not.toBe('ALLOW')
  })

  it('answers garbage that carries a paymentId in its header, and keeps the bytes for the dead letters', async () => {
    const garbage = Buffer.from('not a payment')
    const [decision] = await send(record(garbage, { headers: { 'payment-id': Buffer.from('lost-1') } }))
    expect(decision).toMatchObject({ paymentId: 'lost-1', outcome: 'BLOCK', probability: null })
    const [refused] = memory.published.at(-1)?.refused ?? []
    expect(refused?.bytes?.equals(garbage)).toBe(true)
  })

  it('keeps the order of a partition when some of its records are refused', async () => {
    const headers = { 'payment-id': Buffer.from('middle') }
    const answers = await send(
      record(pay({ paymentId: 'before' })),
      record(Buffer.from('?'), { headers }),
      record(pay({ paymentId: 'after' })),
    )
    expect(answers.map(({ paymentId }) => paymentId)).toEqual(['before', 'middle', 'after'])
  })

  it('flags a payment that waited longer than its deadline', async () => {
    const [decision] = await send(record(pay({ paymentId: 'late' }), { timestamp: clock - 5_000 }))
    expect(decision?.late).toBe(true)
  })

  it('answers payments that share nothing alike, together or one by one', async () => {
    const batch = Array.from({ length: 20 }, (_, i) => ({
      paymentId: `one-${i}`,
      amountMinor: 500 + i * 911,
      accountId: `alone-${i}`,
      payeeId: `payee-of-${i}`,
      deviceId: null,
      ipAddress: null,
    }))
    const together = await send(...batch.map((each) => record(pay(each))))
    memory = await createMemoryFlow(modelsFolder, () => clock)
    const apart: Decision[] = []
    for (const each of batch) apart.push(...(await send(record(pay(each)))))
    expect(apart).toEqual(together)
  })
})
