import { describe, expect, test } from 'vitest'
import { fold } from '../../../../src/features/fold.ts'
import {
  began,
  failedLogin,
  featuresOf,
  label,
  options,
  whole,
  type Paid,
} from '../../../support/foldedLogs.ts'

describe('what a newer Sluice writes', () => {
  const many = Array.from({ length: 60 }, (_, n): Paid => ({
    at: began + n * 60_000,
    amount: 10,
    device: 1,
    outcome: 'ALLOW',
  }))
  const coded = (bytes: Uint8Array, code: number): Uint8Array => {
    bytes[2] = code
    return bytes
  }
  const unknownKind = Uint8Array.from({ length: 48 }, (_, at) => (at === 0 ? (9 << 4) | 3 : at === 1 ? 6 : 7))
  const unknownCodes = [coded(label(7, began, began), 200), coded(failedLogin(8, began), 201)]
  const newer = [unknownKind, ...unknownCodes].map((bytes) => Buffer.from(bytes))
  const withNewer = Buffer.concat([unknownKind, whole(many), ...unknownCodes])

  test('is kept by a fold as it stands, and changes nothing for those who do not know it', () => {
    const folded = fold(withNewer, options) ?? new Uint8Array(0)
    for (const bytes of newer) expect(Buffer.from(folded).includes(bytes)).toBe(true)
    const at = began + 3_600_000
    expect(featuresOf(folded, at, 1)).toEqual(featuresOf(fold(whole(many), options) ?? folded, at, 1))
    const again = fold(Buffer.concat([folded, whole(many.slice(0, 3))]), options) ?? new Uint8Array(0)
    for (const bytes of newer) expect(Buffer.from(again).includes(bytes)).toBe(true)
  })

  test('is not folded where it must be understood', () => {
    const payments = whole(many)
    payments[0] = (1 << 4) | 2
    expect(() => fold(payments, options)).toThrow(expect.objectContaining({ code: 'HISTORY_FORMAT_UNKNOWN' }))
  })

  test('reads what the version before has folded', () => {
    const folded = Buffer.from(fold(whole(many), options) ?? [])
    const header = Buffer.from(folded.subarray(0, 88))
    header[0] = (15 << 4) | 1
    header[1] = 11
    const before = Buffer.concat([header, folded.subarray(104)])
    const at = began + 3_600_000
    expect(featuresOf(before, at, 1)).toEqual(featuresOf(folded, at, 1))
    const again = Buffer.concat([before, whole(many)])
    expect(featuresOf(again, at, 1)).toEqual(featuresOf(folded, at, 1))
  })
})
