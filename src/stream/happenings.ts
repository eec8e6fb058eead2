import type { AccountEvent } from '../domain/accountEvent.ts'
import type { RiskFeedback } from '../domain/feedback.ts'
import type { Happening } from '../domain/happening.ts'
import type { Refused } from '../domain/received.ts'
import { recordTime } from './codec/clock.ts'
import type { SideDecoder } from './codec/sideDecoder.ts'
import type { RawRecord } from './record.ts'

export const isRefused = (decoded: Happening | Refused): decoded is Refused => 'reason' in decoded

type Told = Pick<Happening, 'partition' | 'offset' | 'cameAt'>

const createDecode =
  <T extends object>(
    decode: SideDecoder<T>,
    now: () => number,
    happening: (value: T, told: Told) => Happening,
  ) =>
  (record: RawRecord): Happening | Refused => {
    const decoded = decode(record)
    if ('reason' in decoded) return decoded
    const { partition, offset } = record
    return happening(decoded, { partition, offset, cameAt: recordTime(record, now) })
  }

/** Records of `account-events` as what happened. @param now epoch milliseconds */
export const decodeAccountEvents = (decode: SideDecoder<AccountEvent>, now: () => number) =>
  createDecode(decode, now, (event, told) => ({ kind: 'accountEvent', event, ...told }))

/** Records of `risk-feedback` as what happened. @param now epoch milliseconds */
export const decodeFeedback = (decode: SideDecoder<RiskFeedback>, now: () => number) =>
  createDecode(decode, now, (feedback, told) => ({ kind: 'feedback', feedback, ...told }))
