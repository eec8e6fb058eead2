import { parseArgs } from 'node:util'
import { readSettings } from '../config.ts'
import { SluiceError } from '../errors.ts'
import { addApproval, readApproved } from '../model/approvals.file.ts'
import { atMost, required } from './options.ts'
import { approvalLines, openPolicy } from './policyFile.ts'

export const summary = 'approve a policy as it is, with a key of your own'

const help = `Usage: sluice policy sign [FILE] --key KEY_FILE [options]

Approves a policy (policy.yaml of the models folder) that passes sluice policy check. The approval is of this very text:
any edit needs new ones. It goes to approvals/<SHA-256>.json in the models folder.

  --key KEY_FILE  your private key; its public half must lie with the approvers' (sluice policy keygen)

Options:
  --name NAME     who you are, for readers (the id of the key)
  --models DIR    the models folder (models)
  --json          print the result as JSON
`

const options = {
  key: { type: 'string' },
  name: { type: 'string' },
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
  const keyFile = required(values.key, '--key')
  const now = Date.now()
  const policy = await openPolicy(positionals[0], values.models, readSettings(), now)
  if (policy.problems.length > 0)
    throw new SluiceError('POLICY_INVALID', `${policy.file}: not approved: ${policy.problems.join('; ')}`)
  const { approversFolder } = policy.check
  const approval = await addApproval({
    modelsFolder: values.models,
    policySha256: policy.sha256,
    keyFile,
    name: values.name ?? null,
    approversFolder,
    now,
  })
  const approved = await readApproved(values.models, policy.sha256, approversFolder)
  process.stdout.write(
    values.json
      ? `${JSON.stringify({ file: policy.file, sha256: policy.sha256, approval, ...approved })}\n`
      : `${approvalLines({ ...policy, approved }).join('\n')}\n`,
  )
  return 0
}
