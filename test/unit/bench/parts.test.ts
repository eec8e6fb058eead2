import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { firstText } from '../../../bench/firstText.ts'
import { parseOptions } from '../../../bench/options.ts'
import { readPayments, writePayments } from '../../../bench/payments.file.ts'
import { selfTimes } from '../../../bench/profile.ts'
import { createPaymentStream } from '../../../bench/stream.ts'
import { createPaymentCodec } from '../../../src/stream/codec/payment.ts'
import { loadSchemas, ownSchemasFolder } from '../../../src/stream/codec/schemas.file.ts'

const createStream = () => createPaymentStream({ accounts: 20, seed: 3, startAt: Date.UTC(2026, 0, 1) })
const dayMs = 86_400_000

describe('the payments of a bench', () => {
  it('go on where the past ended, and come once', () => {
    const whole = createStream().take(200).payments
    const stream = createStream()
    const past = [...stream.until(Date.UTC(2026, 0, 1) + dayMs)].filter(({ kind }) => kind === 'payment')
    const parts = [...stream.take(30).payments, ...stream.take(200 - 30 - past.length).payments]
    expect(parts).toEqual(whole.slice(past.length))
    expect(past.length).toBeGreaterThan(0)
  })

  it('survive a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-bench-test-'))
    try {
      const sent = [
        { key: 'account-1', value: Buffer.from([0, 1, 255]) },
        { key: '', value: Buffer.alloc(0) },
        { key: 'account-2', value: Buffer.alloc(70_000, 7) },
      ]
      await writePayments(join(folder, 'payments'), sent)
      expect(await readPayments(join(folder, 'payments'))).toEqual(sent)
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('are known by the first field of their bytes', async () => {
    const { encode } = createPaymentCodec(await loadSchemas(ownSchemasFolder))
    const [payment] = createStream().take(1).payments
    if (payment === undefined) throw new Error('no payment')
    for (const paymentId of [payment.paymentId, 'x', 'y'.repeat(100)])
      expect(firstText(encode({ ...payment, paymentId }))).toBe(paymentId)
  })
})

describe('options', () => {
  it('have defaults, and smaller ones for a quick look', () => {
    expect(parseOptions([])).toMatchObject({
      rates: [200, 1_000, 2_000],
      pairs: 5,
      seconds: 20,
      drain: true,
      latency: true,
    })
    expect(parseOptions(['--quick', '--seconds', '7'])).toMatchObject({ pairs: 1, seconds: 7 })
    expect(parseOptions(['--only', 'drain'])).toMatchObject({ drain: true, latency: false })
  })

  it('that make no sense are refused', () => {
    expect(() => parseOptions(['--only', 'throughput'])).toThrow('drain or latency')
    expect(() => parseOptions(['--rates', '200,,5'])).toThrow('--rates')
    expect(() => parseOptions(['--pairs', '0'])).toThrow('--pairs')
  })
})

it('a profile is summed by function over the stretch that is asked for', () => {
  const frame = (functionName: string, url: string) => ({ functionName, url, lineNumber: 4 })
  const profile = {
    startTime: 0,
    nodes: [
      { id: 1, callFrame: frame('walk', 'file:///somewhere/dist/features/walk.js') },
      { id: 2, callFrame: frame('walk', 'file:///somewhere/dist/features/walk.js') },
      { id: 3, callFrame: frame('', '') },
    ],
    samples: [1, 2, 3, 1],
    timeDeltas: [1_000, 1_000, 500, 9_000],
  }
  expect(selfTimes(profile, 1, 5)).toEqual([
    { where: 'walk dist/features/walk.js:5', micros: 2_000 },
    { where: '(anonymous)', micros: 500 },
  ])
})
