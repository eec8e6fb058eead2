import { SluiceError } from '../errors.ts'
import type { Label } from '../intel/out/label.ts'
import type { StixObject } from '../intel/out/stixObject.ts'
import type { RawRecord } from '../stream/record.ts'

/** The header that says when an object was added, in microseconds since 1970: of no two objects the same, and rising. */
const addedHeader = 'added'

/** An object as a record of `intel-out`. */
export const objectMessage = (object: StixObject, addedUs: number) => ({
  partition: 0,
  key: object.id,
  value: JSON.stringify(object),
  headers: { [addedHeader]: String(addedUs), 'content-type': 'application/stix+json;version=2.1' },
})

export type AddedObject = { readonly object: StixObject; readonly addedUs: number }

/** @throws SluiceError FILE_INVALID for a record of `intel-out` that another one than Sluice wrote */
export const addedObject = ({ offset, value, headers }: RawRecord): AddedObject => {
  const addedUs = Number(headers[addedHeader]?.toString() ?? NaN)
  const object: unknown = value === null ? null : JSON.parse(value.toString())
  const isObject = typeof object === 'object' && object !== null && 'id' in object && 'type' in object
  if (!isObject || !Number.isSafeInteger(addedUs))
    throw new SluiceError(
      'FILE_INVALID',
      `intel-out, offset ${offset}: expected a STIX object as Sluice writes it`,
    )
  return { object: object as unknown as StixObject, addedUs }
}

/** A label that is kept back, or null for one that no longer is, as a record of `intel-held`. */
export const heldMessage = (paymentRef: string, label: Label | null) => ({
  partition: 0,
  key: paymentRef,
  value: label === null ? null : JSON.stringify(label),
})

/** The labels that are kept back, of all records of `intel-held`. */
export const heldLabels = (records: readonly RawRecord[]): readonly Label[] => {
  const held = new Map<string, Label | null>()
  for (const { key, value } of records)
    held.set(key?.toString() ?? '', value === null ? null : (JSON.parse(value.toString()) as Label))
  return [...held.values()].filter((label) => label !== null)
}
