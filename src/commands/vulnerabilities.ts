import { SluiceError } from '../errors.ts'
import { run as runImport } from './vulnerabilitiesImport.ts'
import { explain, list } from './vulnerabilitiesList.ts'

export const summary = 'import vulnerabilities, list them as they should be repaired, explain one'

const help = `Usage: sluice vulnerabilities import|list|explain [options]

  import          catalogue and scores from files to the topic, or to a file
  list            what the topic or a file holds, what to repair first
  explain CVE     one of them: its axes, its priority, whom it affects

sluice vulnerabilities import --help says more about it, and so on (docs/vulnerabilities.md).
`

const actions: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  import: runImport,
  list,
  explain,
}

export const run = (args: readonly string[]): Promise<number> => {
  const [action = '', ...rest] = args
  const found = Object.hasOwn(actions, action) ? actions[action] : undefined
  if (found !== undefined) return found(rest)
  if (action !== '--help' && action !== '-h')
    throw new SluiceError('USAGE', 'expected `sluice vulnerabilities import`, `list` or `explain`')
  process.stdout.write(help)
  return Promise.resolve(0)
}
