import { parseArgs } from 'node:util'
import { whole } from '../whole.ts'

export type FuzzOptions = {
  readonly messages: number
  readonly seed: number
  /** Good payments a second beside them. */
  readonly goodPerSecond: number
  readonly json: boolean
}

export const help = `Usage: npm run fuzz -- [options]

Messages that are nearly valid, to every topic that is read, beside good payments. No crash, no silence, no growth, and
the good payments keep at least 80 % of their pace; exit code 1 otherwise.

  --messages N   how many (100000)
  --seed S       the same messages again; another one each time by default, and printed
  --rate N       good payments a second beside them (200)
  --json         print the result as JSON
`

const options = {
  messages: { type: 'string', default: '100000' },
  seed: { type: 'string' },
  rate: { type: 'string', default: '200' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

/** null: help was asked for. @throws SluiceError USAGE */
export const parseOptions = (args: readonly string[]): FuzzOptions | null => {
  const { values } = parseArgs({ args: [...args], options })
  if (values.help) return null
  return {
    messages: whole('messages', values.messages),
    seed: whole('seed', values.seed ?? String(1 + (Date.now() % 1_000_000))),
    goodPerSecond: whole('rate', values.rate),
    json: values.json,
  }
}
