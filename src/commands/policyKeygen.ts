import { parseArgs } from 'node:util'
import { trustOf } from '../compose/trust.ts'
import { readSettings } from '../config.ts'
import { generateKey } from '../model/keys.file.ts'
import { approvalCheckFor } from '../model/trust.ts'
import { atMost, required } from './options.ts'

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
  const made = await generateKey(required(positionals[0], 'the key id'), {
    privateFile: required(values.out, '--out'),
    keysFolder: approvalCheckFor(values.models, trustOf(readSettings())).approversFolder,
    modelsFolder: values.models,
  })
  process.stdout.write(
    values.json
      ? `${JSON.stringify(made)}\n`
      : `${made.publicFile}: the public half\n${made.privateFile}: the private half; keep it secret, it is nowhere else\n`,
  )
  return 0
}
