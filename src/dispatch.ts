import type { CommandEntry, CommandTable } from './commands/command.ts'
import { helpText } from './commands/help.ts'
import { SluiceError } from './errors.ts'
import { nearest } from './nearest.ts'

export type Terminal = { readonly out: (text: string) => void; readonly error: (text: string) => void }

/** Some errors of Node, such as one refused connection for each address of a host, have a code and no message. */
const messageOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  return error.message || ('code' in error ? String(error.code) : error.name)
}

const causeOf = (error: unknown): unknown => (error instanceof Error ? error.cause : undefined)

/** The message of an error, then one line for each cause behind it that says something new. */
export const describeError = (error: unknown): string => {
  const messages = new Set([messageOf(error)])
  const seen = new Set([error])
  let cause = causeOf(error)
  while (cause !== undefined && cause !== null && !seen.has(cause)) {
    messages.add(messageOf(cause))
    seen.add(cause)
    cause = causeOf(cause)
  }
  return `sluice: ${[...messages].join('\n  because: ')}\n`
}

/** `node:util` parseArgs throws errors with such codes for an unknown option or a missing value. */
const isParseArgsError = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')

/** 2 for a usage error, 1 for any other. */
export const exitCodeOf = (error: unknown): number =>
  (error instanceof SluiceError && error.code === 'USAGE') || isParseArgsError(error) ? 2 : 1

const find = (commands: CommandTable, name: string): CommandEntry => {
  const entry = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (entry) return entry
  const near = nearest(name, Object.keys(commands))
  throw new SluiceError(
    'USAGE',
    `no command ${JSON.stringify(name)}${near === null ? '' : `; did you mean ${near}?`}`,
  )
}

const runCommand = async (commands: CommandTable, name: string, args: readonly string[]): Promise<number> => {
  const command = await find(commands, name)
    .load()
    .catch((cause: unknown) => {
      if (cause instanceof SluiceError) throw cause
      throw new Error(`the command ${name} cannot be loaded`, { cause })
    })
  return command.run(args)
}

const route = async (
  commands: CommandTable,
  args: readonly string[],
  terminal: Terminal,
): Promise<number> => {
  const [name, ...rest] = args
  if (name === undefined) throw new SluiceError('USAGE', 'a command is missing')
  if (name === '--version' || name === '-v') return runCommand(commands, 'version', rest)
  if (name === '--help' || name === '-h' || name === 'help') {
    const [about] = rest
    if (about !== undefined) return runCommand(commands, about, ['--help'])
    terminal.out(helpText(commands))
    return 0
  }
  return runCommand(commands, name, rest)
}

/** Runs one command line. Gives the exit code: 0 success, 2 a usage error, 1 anything else; never rejects. */
export const dispatch = async (
  commands: CommandTable,
  args: readonly string[],
  terminal: Terminal,
): Promise<number> => {
  try {
    return await route(commands, args, terminal)
  } catch (error) {
    terminal.error(describeError(error))
    const exitCode = exitCodeOf(error)
    if (exitCode === 2) terminal.error('Try: sluice --help\n')
    return exitCode
  }
}
