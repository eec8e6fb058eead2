import { randomBytes } from 'node:crypto'
import { userInfo } from 'node:os'
import { parseArgs } from 'node:util'
import { caseStates, caseSubjects, type CaseCommand, type CaseEntry } from '../domain/case.ts'
import { SluiceError } from '../errors.ts'
import { longestNote } from '../stream/codec/caseCommand.ts'
import { isId } from '../stream/codec/values.ts'
import { looksLikePan } from '../domain/pan.ts'
import { ask } from './caseClient.ts'
import { numberOf, required, timeOf } from './options.ts'
import type { Result } from './result.ts'

const options = {
  id: { type: 'string' },
  subject: { type: 'string', default: 'incident' },
  'subject-id': { type: 'string' },
  learned: { type: 'string' },
  to: { type: 'string' },
  until: { type: 'string' },
  lift: { type: 'boolean', default: false },
  embargo: { type: 'string' },
  note: { type: 'string' },
  actor: { type: 'string' },
  'command-id': { type: 'string' },
  wait: { type: 'string', default: '30' },
  json: { type: 'boolean', default: false },
} as const

const idBytes = 6
const fresh = (what: string): string => `${what}-${randomBytes(idBytes).toString('hex')}`

const oneOf = <T extends string>(text: string, known: readonly T[], option: string): T => {
  const found = known.find((each) => each === text.toUpperCase() && each !== 'UNKNOWN')
  if (found !== undefined) return found
  const words = known.filter((each) => each !== 'UNKNOWN').map((each) => each.toLowerCase())
  throw new SluiceError(
    'USAGE',
    `${option}: expected one of ${words.join(', ')}, got ${JSON.stringify(text)}`,
  )
}

const idOf = (text: string, option: string): string => {
  if (isId(text) && !looksLikePan(text)) return text
  throw new SluiceError(
    'USAGE',
    `${option}: expected 1 to 128 printable characters without spaces, no card number`,
  )
}

const textOf = (text: string | undefined, option: string): string | null => {
  if (text === undefined) return null
  if (text.length <= longestNote && !looksLikePan(text)) return text
  throw new SluiceError('USAGE', `${option}: expected at most ${longestNote} characters, no card number`)
}

const timeIfGiven = (text: string | undefined, option: string): number | null =>
  text === undefined ? null : timeOf(text, option)

type Values = ReturnType<typeof parse>['values']

const parse = (args: readonly string[]) => parseArgs({ args: [...args], options, allowPositionals: true })

const common = (values: Values, caseId: string) => ({
  commandId: idOf(values['command-id'] ?? fresh('command'), '--command-id'),
  caseId: idOf(caseId, 'the case'),
  actor: textOf(values.actor ?? userInfo().username, '--actor') ?? '',
  subject: 'UNKNOWN' as const,
  subjectId: null,
  learnedAt: null,
  state: 'UNKNOWN' as const,
  embargoUntil: null,
  note: textOf(values.note, '--note'),
})

const opening = (values: Values): CaseCommand => {
  const learnedAt = timeIfGiven(values.learned, '--learned') ?? Date.now()
  if (learnedAt > Date.now()) throw new SluiceError('USAGE', '--learned: expected a time that has come')
  return {
    ...common(values, values.id ?? fresh('case')),
    kind: 'OPEN',
    subject: oneOf(values.subject, caseSubjects, '--subject'),
    subjectId: idOf(required(values['subject-id'], '--subject-id'), '--subject-id'),
    learnedAt,
    embargoUntil: timeIfGiven(values.embargo, '--embargo'),
  }
}

const embargoing = (values: Values, caseId: string): CaseCommand => {
  if (values.lift === (values.until !== undefined))
    throw new SluiceError('USAGE', 'expected --until TIME or --lift')
  return { ...common(values, caseId), kind: 'EMBARGO', embargoUntil: timeIfGiven(values.until, '--until') }
}

const onlyCase = (positionals: readonly string[]): string => {
  const [caseId, ...more] = positionals
  if (caseId !== undefined && more.length === 0) return caseId
  throw new SluiceError('USAGE', 'expected one case id')
}

const commandOf = (action: string, values: Values, positionals: readonly string[]): CaseCommand => {
  if (action === 'open') {
    if (positionals.length > 0) throw new SluiceError('USAGE', 'expected options only; --id names the case')
    return opening(values)
  }
  const caseId = onlyCase(positionals)
  switch (action) {
    case 'advance':
      return {
        ...common(values, caseId),
        kind: 'ADVANCE',
        state: oneOf(required(values.to, '--to'), caseStates, '--to'),
      }
    case 'note':
      return { ...common(values, caseId), kind: 'NOTE', note: required(values.note, '--note') }
    default:
      return embargoing(values, caseId)
  }
}

const inWords = ({ caseId, state, sequence, kind }: CaseEntry): string =>
  `${caseId} ${kind} ${state} (entry ${sequence})\n`

/** The subcommands that ask for an entry. @throws SluiceError USAGE, CASE_REFUSED, KAFKA_UNAVAILABLE */
export const askFor = async (
  action: string,
  args: readonly string[],
): Promise<Result & { readonly asJson: boolean }> => {
  const { values, positionals } = parse(args)
  const command = commandOf(action, values, positionals)
  const entry = await ask(command, numberOf(values.wait, '--wait') * 1_000)
  return { json: entry, text: inWords(entry), asJson: values.json }
}
