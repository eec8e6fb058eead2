import { parseArgs } from 'node:util'
import { readSettings } from '../config.ts'
import { tlps, type Tlp } from '../domain/intelligence.ts'
import { SluiceError } from '../errors.ts'
import { listKinds, type ListKind } from '../intel/formats/named.ts'
import type { IntelFileOptions } from '../offline/intel/readIntel.file.ts'
import { check } from './intelCheck.ts'
import { importFiles } from './intelImport.ts'
import { poll } from './intelPoll.ts'
import { numberOf, required, timeOf } from './options.ts'
import type { Result } from './result.ts'

export const summary = 'check, publish and poll threat intelligence'

const help = `Usage: sluice intel check|import FILE... [options]
       sluice intel poll --server URL --state FILE [options]

  check                say what of each file is compiled, what is not, and why; exit code 1 if anything is invalid
  import               publish what is in the files on the topic threat-intel
  poll                 publish what is added to the collections of a TAXII 2.1 server

Files are bundles of STIX 2.1 (JSON), exports of MISP (JSON), lists with one address, network, domain, hash or e-mail
address a line, tables (CSV) and lists of families (YAML) of stalkerware; plain or .gz.

Options of check and import, for files that are no STIX:
  --source NAME        who made the list (the file's own name is not enough: "list")
  --as KIND            what the lines of a list are: ${listKinds.join(', ')}
  --since TIME         from when on it lists (now)
  --valid-days N       so many days it lists (without end)
  --confidence N       0 to 100 (not stated)
  --tlp NAME           ${tlps.filter((tlp) => tlp !== 'UNMARKED').join(', ')} (none)
Options of poll:
  --server URL         its discovery, or an API root
  --state FILE         up to when each collection was read; made where it is missing
  --collection ID      only this one; may be given several times
  --every SECONDS      poll again and again, until SIGTERM (once)
  --token-file FILE    holds a bearer token
  --basic-file FILE    holds name:password
Options:
  --brokers HOST:PORT,...  instead of SLUICE_KAFKA_BROKERS
  --json               print the result as JSON
`

const options = {
  source: { type: 'string', default: 'list' },
  as: { type: 'string' },
  since: { type: 'string' },
  'valid-days': { type: 'string' },
  confidence: { type: 'string' },
  tlp: { type: 'string', default: 'UNMARKED' },
  server: { type: 'string' },
  state: { type: 'string' },
  collection: { type: 'string', multiple: true },
  every: { type: 'string' },
  'token-file': { type: 'string' },
  'basic-file': { type: 'string' },
  brokers: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

type Values = ReturnType<typeof parse>['values']
const parse = (args: readonly string[]) => parseArgs({ args: [...args], options, allowPositionals: true })

const tlpOf = (text: string): Tlp => {
  const tlp = tlps.find((each) => each === text)
  if (tlp !== undefined) return tlp
  throw new SluiceError('USAGE', `--tlp: expected ${tlps.slice(1).join(', ')}, got ${JSON.stringify(text)}`)
}

const kindOf = (text: string | undefined): ListKind | null => {
  if (text === undefined) return null
  const kind = listKinds.find((each) => each === text)
  if (kind !== undefined) return kind
  throw new SluiceError('USAGE', `--as: expected ${listKinds.join(', ')}, got ${JSON.stringify(text)}`)
}

const within = (text: string | undefined, option: string, min: number, max: number): number => {
  if (text === undefined) return NaN
  const number = numberOf(text, option)
  if (Number.isInteger(number) && number >= min && number <= max) return number
  throw new SluiceError('USAGE', `${option}: expected a whole number from ${min} to ${max}, got ${text}`)
}

const fileOptions = (values: Values): IntelFileOptions => {
  const at = values.since === undefined ? Date.now() : timeOf(values.since, '--since')
  const days = within(values['valid-days'], '--valid-days', 1, 36_500)
  return {
    terms: {
      source: values.source,
      at,
      until: Number.isNaN(days) ? Infinity : at + days * 86_400_000,
      confidence: within(values.confidence, '--confidence', 0, 100),
      tlp: tlpOf(values.tlp),
    },
    as: kindOf(values.as),
  }
}

const urlOf = (text: string): URL => {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return new URL(text)
  throw new SluiceError('USAGE', `--server: expected a URL with http or https, got ${JSON.stringify(text)}`)
}

const runPoll = (values: Values): Promise<Result> => {
  const stop = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort())
  const seconds = within(values.every, '--every', 1, 604_800)
  return poll(
    {
      server: urlOf(required(values.server, '--server')),
      collections: values.collection ?? [],
      stateFile: required(values.state, '--state'),
      everyMs: Number.isNaN(seconds) ? null : seconds * 1_000,
      tokenFile: values['token-file'],
      basicFile: values['basic-file'],
      signal: stop.signal,
      onPolled: (polled) => process.stdout.write(`${JSON.stringify({ collections: polled })}\n`),
      onProblem: (problem) => process.stderr.write(`${problem}\n`),
    },
    settingsOf(values),
  )
}

const settingsOf = ({ brokers }: Values) =>
  readSettings(brokers === undefined ? {} : { SLUICE_KAFKA_BROKERS: brokers })

export const run = async (args: readonly string[]): Promise<number> => {
  const { values, positionals } = parse(args)
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  const [action, ...files] = positionals
  const print = ({ json, text }: Result): void =>
    void process.stdout.write(values.json ? `${JSON.stringify(json)}\n` : text)
  if (action === 'poll' && files.length === 0) {
    print(await runPoll(values))
    return 0
  }
  if (files.length === 0 || (action !== 'check' && action !== 'import'))
    throw new SluiceError('USAGE', 'expected `sluice intel check FILE...`, `import FILE...` or `poll`')
  if (action === 'import') {
    print(await importFiles(files, fileOptions(values), settingsOf(values)))
    return 0
  }
  const checked = await check(files, fileOptions(values))
  print(checked)
  return checked.invalid === 0 ? 0 : 1
}
