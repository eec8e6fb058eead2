import { parseArgs } from 'node:util'
import { trustOf } from '../compose/trust.ts'
import { readSettings } from '../config.ts'
import { approvalCheckFor } from '../model/trust.ts'
import { keygen } from './modelSigning.ts'
import { atMost } from './options.ts'

export const summary = 'make a key with which a person approves policies'

const help = `Usage: sluice policy keygen KEY_ID --out FILE [options]

Makes a pair of Ed25519 keys: the public half goes to the approvers' folder, the private half to --out.

Options:
  --models DIR  the models folder (models); --out must not lie in it
  --json        print the result as JSON
`

const options = {
  out: { type: 'string' },
  models: { type: 'string', default: 'models' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

export const run = async (args: readonly string[]): Promise<number> => {
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  atMost(positionals, 1)
  const { approversFolder } = approvalCheckFor(values.models, trustOf(readSettings()))
  const { json, text } = await keygen(positionals[0], values.out, values.models, {
    keysFolder: approversFolder,
  })
  process.stdout.write(values.json ? `${JSON.stringify(json)}\n` : text)
  return 0
}
