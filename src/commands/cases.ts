import { SluiceError } from '../errors.ts'
import { askFor } from './casesAsk.ts'
import { list, verify } from './casesRead.ts'

export const summary = 'open, advance, list and verify cases with a duty to report'

const help = `Usage: sluice cases open|advance|note|embargo|list|verify [options]

  open --subject-id ID            open a case; its clock runs from --learned on (now)
  advance CASE --to STATE         verified, reported, acknowledged, closed; early closing takes --note
  note CASE --note TEXT           write something down
  embargo CASE --until TIME       share nothing about the subject before TIME; --lift ends it
  list                            cases that are not closed, the most urgent first
  verify                          recompute the chain; exit code 1 if an entry was changed, inserted or is missing

Options of what asks for an entry (an instance of sluice run writes it):
  --id CASE             open: name of the case (made up)
  --subject KIND        open: incident, payment, vulnerability or intelligence (incident)
  --learned TIME        open: when the institution learned of it
  --embargo TIME        open: with an embargo from the start
  --note TEXT           a reason, or whatever is to be remembered
  --actor NAME          who asks (the name of the user)
  --command-id ID       ask again for what was asked before: it is done once
  --wait SECONDS        how long the answer is waited for (30)

Options of list and verify:
  --all                 list: closed cases too
  --expect NUMBER:HASH  verify: a head that was kept; without one nobody sees that the end was cut off
  --save FILE           verify: keep the entries in a file
  --file FILE           verify: read the entries from such a file

  --json                print the result as JSON
`

const asking: ReadonlySet<string> = new Set(['open', 'advance', 'note', 'embargo'])

export const run = async (args: readonly string[]): Promise<number> => {
  const [action, ...rest] = args
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(help)
    return 0
  }
  const known = action === 'list' ? list : action === 'verify' ? verify : null
  if (known === null && !asking.has(action ?? ''))
    throw new SluiceError(
      'USAGE',
      'expected `sluice cases open`, `advance`, `note`, `embargo`, `list` or `verify`',
    )
  const told = known === null ? { ...(await askFor(action ?? '', rest)), code: 0 } : await known(rest)
  process.stdout.write(told.asJson ? `${JSON.stringify(told.json)}\n` : told.text)
  return told.code
}
