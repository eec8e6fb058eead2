import { parseArgs } from 'node:util'
import { parseArchive, archiveText } from '../compose/caseArchive.ts'
import { readText, writeText } from '../compose/caseArchive.file.ts'
import { readSettings } from '../config.ts'
import { SluiceError } from '../errors.ts'
import type { Head } from '../intel/cases/chain.ts'
import { hoursLeft } from '../intel/cases/duty.ts'
import { createRegister, type Case } from '../intel/cases/register.ts'
import { verifyChain, type Verified } from '../intel/cases/verify.ts'
import { createCaseEntryCodec } from '../stream/codec/caseEntry.ts'
import { loadSchemas } from '../stream/codec/schemas.file.ts'
import { withCases } from './caseClient.ts'

export type Told = {
  readonly json: unknown
  readonly text: string
  readonly asJson: boolean
  readonly code: number
}

const listOptions = {
  all: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const

const isoOf = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString())

const rowOf = (known: Case, now: number) => {
  const left = hoursLeft(known, now)
  return {
    caseId: known.caseId,
    state: known.state,
    subject: known.subject,
    subjectId: known.subjectId,
    learnedAt: isoOf(known.learnedAt),
    // JSON has no NaN: null where no report is owed.
    hoursLeft: Number.isNaN(left) ? null : Math.round(left * 100) / 100,
    breached: known.told.has(48),
    embargoUntil: isoOf(known.embargoUntil),
  }
}
type Row = ReturnType<typeof rowOf>

const dueIn = ({ hoursLeft: hours }: Row): string => {
  if (hours === null) return '-'
  return hours < 0 ? `${(-hours).toFixed(1)} h overdue` : `${hours.toFixed(1)} h left`
}

const lineOf = (row: Row): string =>
  [
    row.caseId.padEnd(20),
    row.state.padEnd(12),
    dueIn(row).padEnd(16),
    `${row.subject} ${row.subjectId}`,
    row.embargoUntil === null ? '' : `embargo until ${row.embargoUntil}`,
  ]
    .join('  ')
    .trimEnd()

/** `sluice cases list`: the most urgent first. */
export const list = async (args: readonly string[]): Promise<Told> => {
  const { values } = parseArgs({ args: [...args], options: listOptions })
  const stored = await withCases((cases) => cases.read())
  const register = createRegister()
  for (const { entry } of stored) if (entry !== null) register.add(entry)
  const now = Date.now()
  const urgency = ({ hoursLeft: hours }: Row): number => hours ?? Infinity
  const rows = [...register.cases()]
    .filter(({ state }) => values.all || state !== 'CLOSED')
    .map((known) => rowOf(known, now))
    .toSorted((a, b) => urgency(a) - urgency(b) || a.caseId.localeCompare(b.caseId))
  const text = rows.length === 0 ? 'no case is open\n' : rows.map((row) => `${lineOf(row)}\n`).join('')
  return { json: rows, text, asJson: values.json, code: 0 }
}

const verifyOptions = {
  file: { type: 'string' },
  save: { type: 'string' },
  expect: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const

const anchorOf = (text: string | undefined): Head | null => {
  if (text === undefined) return null
  const { sequence, hash } = /^(?<sequence>[1-9]\d{0,14}):(?<hash>[0-9a-f]{64})$/.exec(text)?.groups ?? {}
  if (sequence === undefined || hash === undefined)
    throw new SluiceError('USAGE', '--expect: expected NUMBER:SHA-256, as an earlier verify printed it')
  return { sequence: Number(sequence), hash }
}

const inWords = ({ entries, head, faults }: Verified): string =>
  [
    ...faults.map(({ kind, detail }) => `${kind}: ${detail}`),
    `${entries} entries, ${faults.length === 0 ? 'the chain is whole' : `${faults.length} faults`}; head ${head.sequence}:${head.hash}`,
    '',
  ].join('\n')

/** `sluice cases verify`: code 1 where the chain is not whole. */
export const verify = async (args: readonly string[]): Promise<Told> => {
  const { values } = parseArgs({ args: [...args], options: verifyOptions })
  const anchor = anchorOf(values.expect)
  const { file, save } = values
  const stored =
    file === undefined
      ? await withCases((cases) => cases.read())
      : parseArchive(await readText(file), createCaseEntryCodec(await loadSchemas(readSettings().schemasDir)))
  const verified = verifyChain(stored, anchor)
  if (save !== undefined) await writeText(save, archiveText(stored))
  return {
    json: verified,
    text: inWords(verified),
    asJson: values.json,
    code: verified.faults.length === 0 ? 0 : 1,
  }
}
