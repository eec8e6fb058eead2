export const statuses = ['ok', 'warning', 'failed'] as const
export type Status = (typeof statuses)[number]

/** What one check has shown. */
export type Finding = {
  /** What was looked at: `redis: version`. */
  readonly check: string
  readonly status: Status
  readonly found: string
  readonly expected: string
  /** What to do; null where nothing need be done. */
  readonly advice: string | null
}

export type Judged = Pick<Finding, 'found' | 'expected'>
type Wanting = Judged & { readonly advice: string }

export const ok = (check: string, { found, expected }: Judged): Finding => ({
  check,
  status: 'ok',
  found,
  expected,
  advice: null,
})

export const warning = (check: string, { found, expected, advice }: Wanting): Finding => ({
  check,
  status: 'warning',
  found,
  expected,
  advice,
})

export const failed = (check: string, { found, expected, advice }: Wanting): Finding => ({
  check,
  status: 'failed',
  found,
  expected,
  advice,
})

/** The message of an error, and those of its causes where they say something new. */
export const reasonOf = (error: unknown): string => {
  const reasons = new Set<string>()
  let each = error
  while (each !== undefined && each !== null && reasons.size < 5) {
    if (!(each instanceof Error)) {
      reasons.add(typeof each === 'string' ? each : 'something that is no error')
      break
    }
    reasons.add(each.message || ('code' in each ? String(each.code) : each.name))
    each = each.cause
  }
  return [...reasons].join(': ')
}
