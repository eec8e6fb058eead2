import type { Scored } from '../../../src/domain/decision.ts'
import { nothingSeen } from '../../../src/domain/seen.ts'
import type { ListEntry } from '../../../src/domain/listEntry.ts'
import type { Payment } from '../../../src/domain/payment.ts'
import type { ProtectionLevel } from '../../../src/domain/protection.ts'

type Given = {
  readonly payment?: Partial<Payment>
  readonly features?: Readonly<Record<string, number>>
  readonly probability?: number
  readonly degraded?: readonly string[]
  readonly late?: boolean
  readonly effectiveAt?: number
  readonly protection?: ProtectionLevel
  readonly listed?: readonly ListEntry[]
}

const at = Date.UTC(2026, 5, 1)

const payment: Payment = {
  paymentId: 'p-1',
  attempt: 1,
  occurredAt: at,
  amountMinor: 1200,
  currency: 'EUR',
  channel: 'APP',
  method: 'TRANSFER',
  accountId: 'a-1',
  cardToken: null,
  payeeId: 'payee-1',
  merchantId: null,
  mcc: null,
  deviceId: 'd-1',
  sessionId: null,
  ipAddress: null,
  emailHash: null,
  phoneHash: null,
  country: null,
  latitude: null,
  longitude: null,
  authMethods: null,
  respondBy: null,
}

export const slotsOf = (names: readonly string[]): ReadonlyMap<string, number> =>
  new Map(names.map((name, index) => [name, index]))

/** A scored payment; a feature that is not given is not known. */
export const scoredWith = (slots: ReadonlyMap<string, number>, given: Given = {}): Scored => {
  const features = new Float64Array(slots.size).fill(NaN)
  for (const [name, value] of Object.entries(given.features ?? {})) {
    const index = slots.get(name)
    if (index === undefined) throw new RangeError(`the test names ${name}, which the rows do not have`)
    features[index] = value
  }
  return {
    payment: { ...payment, ...given.payment },
    source: { topic: 'payments', partition: 0, offset: 1, timestamp: at, headers: {} },
    effectiveAt: given.effectiveAt ?? at,
    contentHash: '00112233445566aa',
    enteredAt: 0,
    features,
    degraded: given.degraded ?? [],
    late: given.late ?? false,
    protection: { level: given.protection ?? 'FULL', reasons: [] },
    listed: given.listed ?? [],
    seen: nothingSeen,
    probability: given.probability ?? 0.01,
    model: 'a-model/1',
  }
}
