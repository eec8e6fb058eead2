import { fieldOf, isFields } from '../stix/fields.ts'
import { kindOf, type ReadList } from './plainList.ts'
import type { ListKind, Named } from './named.ts'

const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []

/** The YAML of indicators of stalkerware: a list of families with their packages, certificates and hosts. */
export const readFamilies = (root: readonly unknown[]): ReadList => {
  const named: Named[] = []
  for (const family of root.filter(isFields)) {
    const name = fieldOf(family, 'name')
    const about = typeof name === 'string' ? name.slice(0, 200) : ''
    const add = (kind: ListKind, values: readonly string[]): void =>
      values.forEach((value) => named.push({ kind, value, about }))
    const server = fieldOf(family, 'c2')
    const hosts = [
      ...texts(fieldOf(family, 'websites')),
      ...texts(fieldOf(family, 'distribution')),
      ...(isFields(server) ? [...texts(fieldOf(server, 'domains')), ...texts(fieldOf(server, 'ips'))] : []),
    ]
    add('app', texts(fieldOf(family, 'packages')))
    add('certificate', texts(fieldOf(family, 'certificates')))
    for (const host of hosts) add(kindOf(host) === 'ip' ? 'ip' : 'domain', [host])
  }
  return { named, unread: [] }
}

/** Columns by their name, and what stands in them; where a row names its kind, `type` and `indicator`. */
const columnKinds: ReadonlyMap<string, ListKind> = new Map<string, ListKind>([
  ['sha256', 'file'],
  ['package name', 'app'],
  ['certificate', 'certificate'],
])
const rowKinds: ReadonlyMap<string, ListKind> = new Map<string, ListKind>([
  ['domain', 'domain'],
  ['ip', 'ip'],
  ['ipv4', 'ip'],
  ['ipv6', 'ip'],
])

/** Rows of a CSV file, the first of which names the columns. */
export const readTable = (rows: readonly (readonly string[])[]): ReadList => {
  const header = (rows[0] ?? []).map((name) => name.trim().toLowerCase())
  const at = (name: string): number => header.indexOf(name)
  const named = new Map<string, Named>()
  const unread: string[] = []
  const add = (kind: ListKind, value: string, about: string): void => {
    if (value !== '') named.set(`${kind} ${value}`, { kind, value, about })
  }
  rows.slice(1).forEach((row, index) => {
    const about = row[at('app')] ?? ''
    const type = row[at('type')]
    const kind = type === undefined ? undefined : rowKinds.get(type)
    if (kind !== undefined) add(kind, row[at('indicator')] ?? '', about)
    else if (type !== undefined) unread.push(`row ${index + 2}: type is not compared with payments`)
    header.forEach((name, column) => {
      const columnKind = columnKinds.get(name)
      if (columnKind !== undefined) add(columnKind, row[column] ?? '', about)
    })
  })
  return { named: [...named.values()], unread }
}

/** Whether a header is one of those that `readTable` knows. */
export const isKnownHeader = (header: readonly string[]): boolean => {
  const names = header.map((name) => name.trim().toLowerCase())
  return (
    names.some((name) => columnKinds.has(name)) || (names.includes('type') && names.includes('indicator'))
  )
}
