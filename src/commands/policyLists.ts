import { randomUUID } from 'node:crypto'
import { parseArgs } from 'node:util'
import { readListEntries, writeListEntry } from '../compose/listEntries.kafka.ts'
import { readSettings } from '../config.ts'
import { listEffects, listFlaw, listSubjects, type ListEntry } from '../domain/listEntry.ts'
import { SluiceError } from '../errors.ts'
import { parseNetwork } from '../intel/address.ts'
import { checkListEntry } from '../stream/codec/listEntry.ts'
import { table } from './layout.ts'
import { required, timeOf } from './options.ts'

export const summary = 'block, allow or snooze somebody: the lists of the policy'

const help = `Usage: sluice policy lists list|add|remove [options]

  list           the entries of the topic policy-lists
  add            an entry that acts on the very next payment
  remove ID      take an entry back

Options of add:
  --effect NAME    block, allow or snooze
  --subject NAME   account, card, device, ip, payee, merchant or account_payee
  --token TEXT     as payments spell it; ip: an address or a network (203.0.113.0/24)
  --payee TEXT     account_payee: the payee, --token is the account
  --rule ID        snooze: the rule that is off
  --reason TEXT    why
  --by NAME        who adds it
  --until TIME     when it ends (2027-01-31 or a time); allow and snooze must end
  --from TIME      when it begins (now)
  --comment TEXT
  --id ID          the entry's id (made up); one that is there is replaced

  --json           print the result as JSON
`

const text = { type: 'string' } as const
const options = {
  effect: text,
  subject: text,
  token: text,
  payee: text,
  rule: text,
  reason: text,
  by: text,
  until: text,
  from: text,
  comment: text,
  id: text,
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const
type Values = ReturnType<typeof parse>['values']
const parse = (args: readonly string[]) => parseArgs({ args: [...args], options, allowPositionals: true })

const oneOf = <S extends string>(given: string | undefined, option: string, names: readonly S[]): S => {
  const wanted = required(given, option).toUpperCase()
  const found = names.find((name) => name === wanted && name !== 'UNKNOWN')
  if (found !== undefined) return found
  const expected = names.filter((name) => name !== 'UNKNOWN').join(', ')
  throw new SluiceError('USAGE', `${option}: expected one of ${expected.toLowerCase()}`)
}

const optionOf: Readonly<Record<keyof ListEntry, string>> = {
  entryId: '--id',
  effect: '--effect',
  subject: '--subject',
  token: '--token',
  payeeId: '--payee',
  ruleId: '--rule',
  reason: '--reason',
  addedBy: '--by',
  from: '--from',
  until: '--until',
  comment: '--comment',
}
const optionNamed = (field: string | null): string =>
  Object.entries(optionOf).find(([name]) => name === field)?.[1] ?? 'the entry'

/**
 * The entry that the options describe. Errors never repeat what was given: it may be a card number.
 * @throws SluiceError USAGE that says what was expected
 */
export const entryOf = (values: Values, now: number): ListEntry => {
  const entry: ListEntry = {
    entryId: values.id ?? randomUUID(),
    effect: oneOf(values.effect, '--effect', listEffects),
    subject: oneOf(values.subject, '--subject', listSubjects),
    token: required(values.token, '--token'),
    payeeId: values.payee ?? null,
    ruleId: values.rule ?? null,
    reason: required(values.reason, '--reason'),
    addedBy: required(values.by, '--by'),
    from: values.from === undefined ? now : timeOf(values.from, '--from'),
    until: values.until === undefined ? null : timeOf(values.until, '--until'),
    comment: values.comment ?? null,
  }
  const fault = checkListEntry(entry)
  if (fault !== null) throw new SluiceError('USAGE', `${optionNamed(fault.field)}: ${fault.detail}`)
  const flaw = listFlaw(entry)
  if (flaw !== null) throw new SluiceError('USAGE', `${optionOf[flaw.field]}: expected ${flaw.expected}`)
  if (entry.until !== null && entry.until <= now)
    throw new SluiceError('USAGE', '--until: expected a time in the future')
  if (entry.subject === 'IP' && parseNetwork(entry.token) === null)
    throw new SluiceError('USAGE', '--token: expected an address or a network')
  return entry
}

const isoOf = (ms: number | null): string => (ms === null ? 'for ever' : new Date(ms).toISOString())

const lineOf = (entry: ListEntry): readonly string[] => [
  entry.entryId,
  entry.ruleId === null ? entry.effect : `${entry.effect} ${entry.ruleId}`,
  entry.subject,
  [entry.token, entry.payeeId].filter((each) => each !== null).join(' '),
  isoOf(entry.from),
  isoOf(entry.until),
  entry.addedBy,
  entry.reason,
]
const header = ['id', 'effect', 'subject', 'token', 'from', 'until', 'by', 'reason']

const list = async ({ json }: Values): Promise<string> => {
  const found = await readListEntries(readSettings())
  if (json) return JSON.stringify(found)
  const unreadable = found.unreadable === 0 ? '' : `, ${found.unreadable} records cannot be read`
  return `${table([header, ...found.entries.map(lineOf)])}${found.entries.length} entries${unreadable}`
}

const add = async (values: Values): Promise<string> => {
  const entry = entryOf(values, Date.now())
  await writeListEntry(readSettings(), entry.entryId, entry)
  return values.json ? JSON.stringify(entry) : `${entry.entryId} acts until ${isoOf(entry.until)}`
}

const remove = async ({ json }: Values, entryId: string | undefined): Promise<string> => {
  if (entryId === undefined) throw new SluiceError('USAGE', 'expected the id of an entry')
  const settings = readSettings()
  const { entries } = await readListEntries(settings)
  if (!entries.some((entry) => entry.entryId === entryId))
    throw new SluiceError('USAGE', `no entry of the topic has this id; there are ${entries.length}`)
  await writeListEntry(settings, entryId, null)
  return json ? JSON.stringify({ removed: entryId }) : `${entryId} is taken back`
}

export const run = async (args: readonly string[]): Promise<number> => {
  const { values, positionals } = parse(args)
  const [action, id, ...more] = positionals
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  if (more.length > 0 || (action !== 'remove' && id !== undefined))
    throw new SluiceError('USAGE', 'expected one action, and after `remove` one id')
  const doing =
    action === 'list'
      ? list(values)
      : action === 'add'
        ? add(values)
        : action === 'remove'
          ? remove(values, id)
          : null
  if (doing === null) throw new SluiceError('USAGE', 'expected `sluice policy lists list`, `add` or `remove`')
  process.stdout.write(`${await doing}\n`)
  return 0
}
