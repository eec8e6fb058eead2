/** A comparison of a property of an observed object with constants. */
export type Test = {
  readonly kind: 'test'
  /** As `ipv4-addr`. */
  readonly object: string
  /** What stands behind the colon, quotes taken off, as `hashes.SHA-256`. */
  readonly path: string
  readonly negated: boolean
  readonly operator: Operator
  /** One value, those of IN, or none for EXISTS. null: a constant that is no text. */
  readonly values: readonly (string | null)[]
}

export const operators = [
  '=',
  '!=',
  '<',
  '>',
  '<=',
  '>=',
  'IN',
  'LIKE',
  'MATCHES',
  'ISSUBSET',
  'ISSUPERSET',
  'EXISTS',
] as const
export type Operator = (typeof operators)[number]

/** What is said of one observation. */
export type Comparison = Test | { readonly kind: 'and' | 'or'; readonly parts: readonly Comparison[] }

/** A STIX pattern: observations and how they belong together. */
export type Pattern =
  | { readonly kind: 'observed'; readonly comparison: Comparison }
  | { readonly kind: 'and' | 'or' | 'followedBy'; readonly parts: readonly Pattern[] }
  /** START, WITHIN or REPEATS. */
  | { readonly kind: 'qualified'; readonly pattern: Pattern; readonly qualifier: string }
