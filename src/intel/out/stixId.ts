import { createHash } from 'node:crypto'

/** RFC 9562, version 5: the same name gives the same UUID. @param namespace a UUID */
export const uuid5 = (namespace: string, name: string): string => {
  const bytes = createHash('sha1')
    .update(Buffer.from(namespace.replaceAll('-', ''), 'hex'))
    .update(name)
    .digest()
    .subarray(0, 16)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

/** Of the objects that Sluice makes, and of nothing else; drawn once. */
const ownNamespace = '1f0c7a52-6f3b-4c0e-9d55-2b8f6c1f7a90'

/** The id of a STIX object that is made of these parts: made again, it is the same object. */
export const stixId = <Type extends string>(type: Type, ...parts: readonly string[]): `${Type}--${string}` =>
  `${type}--${uuid5(ownNamespace, [type, ...parts].join('\n'))}`
