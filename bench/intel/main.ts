import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import type { Payment } from '../../src/domain/payment.ts'
import { createHasher } from '../../src/features/hashing.ts'
import { createIntake } from '../../src/intel/intake.ts'
import { createIntelTable } from '../../src/intel/table/table.ts'
import { createRandom } from './random.ts'

// npm run bench:intel -- [--indicators 1000000] [--networks 60000] [--lookups 200000]: memory, loading, look-ups.
const { values } = parseArgs({
  options: {
    indicators: { type: 'string', default: '1000000' },
    networks: { type: 'string', default: '60000' },
    lookups: { type: 'string', default: '200000' },
  },
})
const [indicators, networks, lookups] = [values.indicators, values.networks, values.lookups].map(Number) as [
  number,
  number,
  number,
]
const random = createRandom(7)
const address = (): string => [1, 2, 3, 4].map(() => Math.floor(random() * 256)).join('.')
const hex = (digits: number): string =>
  Array.from({ length: digits }, () => Math.floor(random() * 16).toString(16)).join('')
const uuid = (): string => `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`

const patternAt = (i: number): string => {
  if (i < networks) return `[ipv4-addr:value = '${address()}/${10 + Math.floor(random() * 20)}']`
  switch (i % 4) {
    case 0:
      return `[ipv4-addr:value = '${address()}']`
    case 1:
      return `[x-sluice-payee:value = 'payee-${i}']`
    case 2:
      return `[x-sluice-device:value = 'device-${i}']`
    default:
      return `[domain-name:value = 'host${i}.example${i % 97}.com']`
  }
}

const collect = (globalThis as { gc?: () => void }).gc
const heldBytes = (): number => {
  collect?.()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

const percentile = (sorted: Float64Array, share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN

const before = heldBytes()
const table = createIntelTable(createHasher(randomBytes(16), 16_384).hashToken)
const intake = createIntake(table, { hashContact: (contact) => contact })
const time = '2026-01-01T00:00:00.000Z'
const pieces = new Float64Array(indicators + networks)
const startedAt = performance.now()
for (let i = 0; i < indicators + networks; i++) {
  const object = {
    type: 'indicator',
    id: `indicator--${uuid()}`,
    created: time,
    modified: time,
    valid_from: time,
    pattern: patternAt(i),
    pattern_type: 'stix',
    confidence: i % 101,
  }
  const at = performance.now()
  intake.take(object)
  let longest = performance.now() - at
  if (table.isDue()) {
    const steps = table.settle()
    for (let done = false; !done;) {
      const stepAt = performance.now()
      done = steps.next().done === true
      longest = Math.max(longest, performance.now() - stepAt)
    }
  }
  pieces[i] = longest
}
const loadMs = performance.now() - startedAt
const bytes = heldBytes() - before - pieces.byteLength

const total = indicators + networks
const paymentOf = (i: number): Payment =>
  ({
    ipAddress: address(),
    payeeId: `payee-${i % 2 === 0 ? networks + 1 + 4 * Math.floor(random() * (total / 4)) : -i}`,
    deviceId: `device-${Math.floor(random() * total)}`,
  }) as Payment
const payments = Array.from({ length: 50_000 }, (_, i) => paymentOf(i))
const now = Date.UTC(2026, 5, 1)

/** Microseconds of one look-up, medians of runs of a thousand. */
const lookUp = (subject: 'ip' | 'payee' | 'device') => {
  const runs = new Float64Array(Math.floor(lookups / 1_000))
  let listed = 0
  const cpuBefore = process.cpuUsage()
  for (let run = 0; run < runs.length; run++) {
    const at = performance.now()
    for (let i = 0; i < 1_000; i++) {
      const payment = payments[(run * 1_000 + i) % payments.length]
      if (payment !== undefined && table.find(subject, payment, now) !== null) listed++
    }
    runs[run] = performance.now() - at
  }
  const { user } = process.cpuUsage(cpuBefore)
  const sorted = runs.toSorted()
  return {
    subject,
    cpuMicros: user / (runs.length * 1_000),
    medianMicros: percentile(sorted, 0.5),
    p99Micros: percentile(sorted, 0.99),
    listedShare: listed / (runs.length * 1_000),
  }
}

const sortedPieces = pieces.toSorted()
console.log(
  JSON.stringify(
    {
      indicators: table.size(),
      networks: table.networks(),
      loadMicrosEach: (loadMs * 1_000) / total,
      bytesEach: bytes / total,
      ownCountBytesEach: table.bytes() / total,
      exactBytes: collect !== undefined,
      longestPieceMs: sortedPieces.at(-1),
      p999PieceMs: percentile(sortedPieces, 0.999),
      lookUps: (['ip', 'payee', 'device'] as const).map(lookUp),
    },
    null,
    2,
  ),
)
