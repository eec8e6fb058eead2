import { describe, expect, test } from 'vitest'
import {
  encodeEventRecord,
  encodeLabelRecord,
  encodeOutcomeRecord,
  encodePaymentRecord,
  eventRecordBytes,
  identityOf,
  labelRecordBytes,
  outcomeRecordBytes,
  paymentRecordBytes,
} from '../../../src/features/record.ts'
import { aReceived } from '../../support/payments.ts'

const hashes = { idLow: 0x04030201, idHigh: 0x08070605, entities: [0x11, 0, 0x33, 0x44, 0x55, 0x66] }

const written = (byteLength: number, write: (view: DataView) => number): string => {
  const bytes = Buffer.alloc(byteLength, 0xee)
  expect(write(new DataView(bytes.buffer, bytes.byteOffset, byteLength))).toBe(byteLength)
  return bytes
    .toString('hex')
    .replaceAll(/(.{16})/g, '$1 ')
    .trim()
}

describe('a payment record', () => {
  const received = {
    ...aReceived({ mcc: '5411', latitude: -33.868, longitude: 151.209, attempt: 2 }, 2 ** 40 + 7),
    effectiveAt: 1.5,
    contentHash: 'abcd000000000000',
  }

  test('has these bytes', () => {
    expect(written(72, (view) => encodePaymentRecord(view, 0, received, hashes, 1250))).toBe(
      [
        '1109 81 02 cdab d203', // payment 1, 9 words; APP, TRANSFER; attempt 2; content; EUR is 978
        '0000 070000000001', // partition 0, offset
        '000000000000f83f', // 1.5
        '0102030405060708',
        '0000000000889340', // 1250
        '7100 2315 c5f2 113b', // DE, 5411, -33.87, 151.21
        '11000000 00000000',
        '33000000 44000000',
        '55000000 66000000',
      ]
        .map((word) => word.replaceAll(' ', ''))
        .join(' '),
    )
  })

  test('says what is not known', () => {
    const unknown = aReceived({ country: null, mcc: null, latitude: null, longitude: null })
    const words = written(72, (view) => encodePaymentRecord(view, 0, unknown, hashes, NaN)).split(' ')
    expect(words[4]).toBe('000000000000f87f')
    expect(words[5]).toBe('0000ffff00800080')
  })

  test('holds an outcome that is known beforehand', () => {
    const words = written(72, (view) =>
      encodePaymentRecord(view, 0, received, hashes, 1, 'STEP_UP_PASSED'),
    ).split(' ')
    expect(words[0]?.slice(4, 6)).toBe((0x81 | (4 << 3)).toString(16))
  })

  test('goes anywhere in a larger buffer', () => {
    const bytes = new Uint8Array(200)
    expect(encodePaymentRecord(new DataView(bytes.buffer), 32, received, hashes, 1)).toBe(
      32 + paymentRecordBytes,
    )
    expect([bytes[31], bytes[32], bytes[32 + 72]]).toEqual([0, 0x11, 0])
  })

  test('counts attempts to 255', () => {
    expect(identityOf(aReceived({ attempt: 300 }), hashes)).toEqual({
      idLow: hashes.idLow,
      idHigh: hashes.idHigh,
      attempt: 255,
      content: 0,
    })
  })
})

test('an outcome record has these bytes', () => {
  const outcome = {
    ...hashes,
    attempt: 1,
    outcome: 'BLOCK',
    effectiveAt: 1.5,
    partition: 3,
    offset: 9,
  } as const
  expect(
    written(outcomeRecordBytes, (view) => encodeOutcomeRecord(view, 0, { ...outcome, content: 0xabcd })),
  ).toBe('21040301cdab0100 0300090000000000 000000000000f83f 0102030405060708')
  expect(
    written(outcomeRecordBytes, (view) => encodeOutcomeRecord(view, 0, { ...outcome, content: null })).slice(
      0,
      16,
    ),
  ).toBe('2104030100000000')
})

describe('a note beside payments', () => {
  const where = { idLow: hashes.idLow, idHigh: hashes.idHigh, partition: 3, offset: 2 ** 40 + 9 }
  /** A record has no gaps: what stood there before is overwritten. */
  const writtenOver = (byteLength: number, write: (view: DataView) => void): string =>
    written(byteLength, (view) => {
      write(view)
      return byteLength
    })

  test.each([
    ['FRAUD', '01'],
    ['GENUINE', '02'],
  ] as const)('has these bytes as the label %s', (label, code) => {
    const entry = { ...where, label, knownAt: 1.5, occurredAt: 1250 }
    expect(writtenOver(labelRecordBytes, (view) => encodeLabelRecord(view, 0, entry))).toBe(
      `3105${code}0000000000 0300090000000001 000000000000f83f 0102030405060708 0000000000889340`,
    )
  })

  test.each([
    ['LOGIN_SUCCEEDED', '01'],
    ['LOGIN_FAILED', '02'],
    ['PASSWORD_CHANGED', '03'],
    ['CONTACT_CHANGED', '04'],
    ['PAYEE_ADDED', '05'],
    ['DEVICE_ENROLLED', '06'],
    ['SIM_CHANGED', '07'],
    ['CARD_ADDED', '08'],
  ] as const)('has these bytes as the account event %s', (kind, code) => {
    const entry = { ...where, kind, effectiveAt: 1.5 }
    expect(writtenOver(eventRecordBytes, (view) => encodeEventRecord(view, 0, entry))).toBe(
      `4104${code}0000000000 0300090000000001 000000000000f83f 0102030405060708`,
    )
  })
})
