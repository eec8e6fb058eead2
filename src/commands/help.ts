import type { CommandTable } from './command.ts'

/** The list of commands that `sluice --help` prints. */
export const helpText = (commands: CommandTable): string => {
  const width = Math.max(...Object.keys(commands).map((name) => name.length))
  return [
    'Usage: sluice <command> [options]',
    '',
    'Sluice decides payments: ALLOW, STEP_UP or BLOCK.',
    '',
    'Commands:',
    ...Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`),
    '',
    'sluice <command> --help says more about one. Keys of the environment are listed in README.md.',
    '',
  ].join('\n')
}
