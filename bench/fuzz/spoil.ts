import fc from 'fast-check'

/** A value that came out of JSON, or goes into it. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json }

/** Stand in a text for what JSON.stringify cannot write: NaN, endless nesting, a number beyond every double. */
const rawTexts: Readonly<Record<string, string>> = {
  '@nan@': 'NaN',
  '@infinity@': '-Infinity',
  '@huge@': `1${'0'.repeat(400)}`,
  '@deep@': '['.repeat(4_000) + ']'.repeat(4_000),
  '@maps@': '{"a":'.repeat(3_000) + '1' + '}'.repeat(3_000),
}

/** As JSON, and what no writer of JSON would write. */
export const textOf = (value: Json): Buffer =>
  Buffer.from(JSON.stringify(value).replace(/"(@\w+@)"/g, (whole, name: string) => rawTexts[name] ?? whole))

const extremes: fc.Arbitrary<Json> = fc.constantFrom<Json[]>(
  null,
  true,
  '',
  ' ',
  0,
  -1,
  0.1,
  1e308,
  -1e308,
  2 ** 53,
  -(2 ** 63),
  2 ** 31,
  256,
  [],
  {},
  [[[[]]]],
  'NaN',
  '4111111111111111',
  '4111 1111 1111 1111',
  'x'.repeat(129),
  'x'.repeat(70_000),
  '\u0000',
  '\ud800',
  '\u{1f4b3}\u202e',
  '__proto__',
  'constructor',
  "' OR 1=1 --",
  '../../etc/passwd',
  '*3\r\n$3\r\nSET\r\n',
  '1970-01-01T00:00:00Z',
  '999.999.999.999',
  '::ffff:0:0:0:0:0:0:1',
  Array.from({ length: 2_000 }, (_, i) => i),
  ...Object.keys(rawTexts),
)

const isMap = (value: Json): value is { readonly [name: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

type Path = readonly string[]

const pathsOf = (value: Json, at: Path = []): readonly Path[] => {
  const children = typeof value === 'object' && value !== null ? Object.entries(value) : []
  return [
    ...(at.length === 0 ? [] : [at]),
    ...children.flatMap(([name, child]) => pathsOf(child as Json, [...at, name])),
  ]
}

type Change = (old: Json) => { readonly [name: string]: Json } | undefined

/** The same value, with what `change` gives for the field in its place: under its own name, another one, or gone. */
const changeAt = (value: Json, path: Path, change: (name: string, old: Json) => ReturnType<Change>): Json => {
  const [name, ...rest] = path
  if (name === undefined) return value
  if (Array.isArray(value))
    return value.flatMap((item: Json, i): readonly Json[] => {
      if (String(i) !== name) return [item]
      if (rest.length > 0) return [changeAt(item, rest, change)]
      return Object.values(change(name, item) ?? {})
    })
  if (!isMap(value)) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, old]): readonly (readonly [string, Json])[] => {
      if (key !== name) return [[key, old]]
      if (rest.length > 0) return [[key, changeAt(old, rest, change)]]
      return Object.entries(change(name, old) ?? {})
    }),
  )
}

const changes = fc.oneof(
  { weight: 6, arbitrary: extremes.map((value) => (name: string) => ({ [name]: value })) },
  { weight: 1, arbitrary: fc.constant(() => undefined) },
  { weight: 1, arbitrary: fc.string().map((other) => (_: string, old: Json) => ({ [other]: old })) },
  {
    weight: 2,
    arbitrary: fc.jsonValue({ maxDepth: 3 }).map((value) => (name: string) => ({ [name]: value as Json })),
  },
  { weight: 1, arbitrary: fc.constant((name: string, old: Json) => ({ [name]: [old, old] })) },
)

/** One to three fields of a record are other than they should be. */
export const spoilFields: fc.Arbitrary<(value: Json) => Json> = fc
  .array(fc.tuple(fc.nat(), changes), { minLength: 1, maxLength: 3 })
  .map(
    (all) => (value) =>
      all.reduce<Json>((spoiled, [at, change]) => {
        const paths = pathsOf(spoiled)
        const path = paths[at % Math.max(1, paths.length)]
        return path === undefined ? spoiled : changeAt(spoiled, path, change)
      }, value),
  )

const headerBytes = 10
const lyingLengths = ['ffffffffffffffffff01', 'feffffff0f', '01', '80808080808080808080', 'fffe03', '7f']

/** Bytes that no writer made: in the body, and in the two bytes and the fingerprint before it. */
export const spoilBytes: fc.Arbitrary<(bytes: Buffer) => Buffer> = fc.oneof(
  fc.array(fc.tuple(fc.nat(), fc.nat(7)), { minLength: 1, maxLength: 4 }).map((flips) => (bytes: Buffer) => {
    const flipped = Buffer.from(bytes)
    for (const [at, bit] of flips) {
      const index = at % Math.max(1, bytes.length)
      flipped[index] = (flipped[index] ?? 0) ^ (1 << bit)
    }
    return flipped
  }),
  fc.tuple(fc.nat(headerBytes - 1), fc.nat(255)).map(([at, byte]) => (bytes: Buffer) => {
    const other = Buffer.from(bytes)
    if (at < other.length) other[at] = byte
    return other
  }),
  fc.nat().map((at) => (bytes: Buffer) => bytes.subarray(0, at % Math.max(1, bytes.length))),
  fc
    .uint8Array({ minLength: 1, maxLength: 40 })
    .map((more) => (bytes: Buffer) => Buffer.concat([bytes, more])),
  fc.constant((bytes: Buffer) => Buffer.concat([bytes, bytes])),
  fc.tuple(fc.nat(), fc.constantFrom(...lyingLengths)).map(([at, varint]) => (bytes: Buffer) => {
    const index = headerBytes + (at % Math.max(1, bytes.length - headerBytes))
    return Buffer.concat([bytes.subarray(0, index), Buffer.from(varint, 'hex'), bytes.subarray(index)])
  }),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => () => Buffer.from(bytes)),
)
