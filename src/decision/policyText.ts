import { isMap, isScalar, LineCounter, parseDocument, type Document } from 'yaml'
import type { z } from 'zod'
import { invalid } from './invalid.ts'
import { caseFileSchema, policySchema, type PolicySpec, type WholeCase } from './policySchema.ts'

type Path = readonly (string | number)[]

export type PolicyText = {
  readonly spec: PolicySpec
  /** How a person finds that part of the file: the rule's id where there is one, and the line. */
  readonly place: (...path: Path) => string
}

/**
 * Reads the text of a policy.
 * @throws SluiceError POLICY_INVALID that names each place that is wrong
 */
export const readPolicyText = (text: string): PolicyText => readText('policy', policySchema, text)

/**
 * Reads cases that stand in a file of their own: `cases`, as at the end of a policy.
 * @throws SluiceError POLICY_INVALID that names each place that is wrong
 */
export const readCaseText = (text: string): readonly WholeCase[] =>
  readText('cases', caseFileSchema, text).spec.cases

const readText = <Spec>(
  what: string,
  schema: z.ZodType<Spec>,
  text: string,
): { readonly spec: Spec; readonly place: PolicyText['place'] } => {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  if (document.errors.length > 0)
    throw invalid(...document.errors.map(({ message }) => `${what}: ${message}`))

  const place = (...path: Path): string => describe(what, document, lines, path)
  const parsed = schema.safeParse(document.toJS({ maxAliasCount: 100 }))
  if (parsed.success) return { spec: parsed.data, place }
  throw invalid(...parsed.error.issues.flatMap((issue) => explain(issue, place)))
}

const explain = (issue: z.core.$ZodIssue, place: PolicyText['place']): readonly string[] => {
  const path = issue.path.map((part) => (typeof part === 'symbol' ? part.toString() : part))
  return issue.code === 'unrecognized_keys'
    ? issue.keys.map((key) => `${place(...path, key)}: no such key`)
    : [`${place(...path)}: ${issue.message}`]
}

/** `rules[2].when` is found more easily as `rule new_payee, when (line 31)`. */
const describe = (what: string, document: Document, lines: LineCounter, path: Path): string => {
  const [section, position, ...rest] = path
  const id =
    (section === 'rules' || section === 'limits') && position !== undefined
      ? document.getIn([section, position, 'id'])
      : undefined
  const label =
    typeof id === 'string'
      ? [`${section === 'rules' ? 'rule' : 'limit'} ${id}`, ...spelled(rest)].join(', ')
      : [what, ...spelled(path)].join(', ')
  const line = lineOf(document, lines, path)
  return line === null ? label : `${label} (line ${line})`
}

const spelled = (path: Path): readonly string[] =>
  path.length === 0
    ? []
    : [
        path
          .map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`))
          .join('')
          .replace(/^\./, ''),
      ]

/** The line of the nearest part that is in the file: a missing key is reported where it is missed. */
const lineOf = (document: Document, lines: LineCounter, path: Path): number | null => {
  for (let depth = path.length; depth > 0; depth--) {
    const start = startOf(document, path.slice(0, depth))
    if (start !== null) return lines.linePos(start).line
  }
  return null
}

const startOf = (document: Document, path: Path): number | null => {
  const parent = document.getIn(path.slice(0, -1), true)
  const last = path.at(-1)
  if (isMap(parent)) {
    const pair = parent.items.find(({ key }) => isScalar(key) && key.value === last)
    return pair !== undefined && isScalar(pair.key) ? (pair.key.range?.[0] ?? null) : null
  }
  const node = document.getIn(path, true)
  return isMap(node) || isScalar(node) ? (node.range?.[0] ?? null) : null
}
