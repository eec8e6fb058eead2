import type avro from 'avsc'
import { SluiceError } from '../../errors.ts'
import type { SchemaVersion } from './schemas.ts'

/** Bytes before the body in Avro's single-object encoding: C3 01 and the fingerprint. */
export const headerLength = 10

export type Writer = {
  readonly encode: (value: unknown) => Buffer
  readonly body: (value: unknown) => Uint8Array
}

/** Writes into one growing buffer; `encode` copies out of it, `body` shows it until the next call. */
export const createWriter = ({ record, type, fingerprint }: SchemaVersion): Writer => {
  let scratch = withHeader(fingerprint, 4096)

  const write = (value: unknown): number => {
    const end = tryEncode(record, type, value, scratch)
    if (end >= 0) return end
    scratch = withHeader(fingerprint, 2 * (scratch.length - end))
    return write(value)
  }
  return {
    encode: (value) => {
      const end = write(value)
      return Buffer.from(scratch.subarray(0, end))
    },
    body: (value) => {
      const end = write(value)
      return scratch.subarray(headerLength, end)
    },
  }
}

const withHeader = (fingerprint: bigint, length: number): Buffer => {
  const buffer = Buffer.allocUnsafe(length)
  buffer[0] = 0xc3
  buffer[1] = 0x01
  buffer.writeBigUInt64LE(fingerprint, 2)
  return buffer
}

/** The end of what was written, or minus the bytes that were missing. avsc's own error would show the value. */
const tryEncode = (record: string, type: avro.Type, value: unknown, into: Buffer): number => {
  try {
    return type.encode(value, into, headerLength)
  } catch {
    const fields: string[] = []
    type.isValid(value, { errorHook: (path) => fields.push(path.join('.')) })
    throw new SluiceError('SCHEMA_INVALID', `${record} cannot be written: wrong type in ${fields.join(', ')}`)
  }
}
