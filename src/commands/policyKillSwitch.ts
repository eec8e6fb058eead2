import { parseArgs } from 'node:util'
import { stringify } from 'yaml'
import {
  killSwitchCheck,
  killSwitchFile,
  readKillSwitchText,
  removeKillSwitch,
  understandKillSwitch,
} from '../compose/killSwitch.file.ts'
import { trustOf } from '../compose/trust.ts'
import { readSettings } from '../config.ts'
import { type KillSwitchSpec, parseKillSwitch } from '../decision/killSwitch.ts'
import { SluiceError } from '../errors.ts'
import { parseWindow } from '../features/windows.ts'
import { addApproval } from '../model/approvals.file.ts'
import { sha256 } from '../model/canonical.ts'
import { replaceFile } from '../model/history.file.ts'
import type { Trust } from '../model/trust.ts'
import { nearest } from '../nearest.ts'
import { required } from './options.ts'
import { openPolicy } from './policyFile.ts'
import type { Result } from './result.ts'

export const summary = 'switch the model, rules or BLOCK off at once, for a while'

const help = `Usage: sluice policy kill-switch on --by NAME --why TEXT --for TIME ORDER... [options]
       sluice policy kill-switch off|show [options]

Goes before the policy at once, in every instance that reads the models folder, until it is taken off or its time is
over. It overrules final rules and lists too, and each decision that is softer for it says so (exceptions: kill_switch).

  --by NAME           who answers for it
  --why TEXT          what happened
  --for TIME          how long: 30m, 4h ... 7d

  ORDER, one at least:
  --model-off         no model is asked; payments get what the policy says of unscored ones
  --rule-off ID       the rule does not count; may be given again
  --at-most OUTCOME   no decision is stricter: STEP_UP or ALLOW
  --at-least OUTCOME  no decision is milder: STEP_UP or BLOCK

Options:
  --key KEY_FILE  an approver's private key; needed where SLUICE_POLICY_APPROVALS is 1 or more
  --models DIR    the models folder (models)
  --json          print the result as JSON
`

const options = {
  by: { type: 'string' },
  why: { type: 'string' },
  for: { type: 'string' },
  'model-off': { type: 'boolean', default: false },
  'rule-off': { type: 'string', multiple: true },
  'at-most': { type: 'string' },
  'at-least': { type: 'string' },
  key: { type: 'string' },
  models: { type: 'string', default: 'models' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const
type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>['values']

const lengthOf = (text: string): number => {
  const length = parseWindow(text)
  if (length !== null) return length
  throw new SluiceError('USAGE', `--for: expected a length of time such as 4h, got ${JSON.stringify(text)}`)
}

/** A rule that is spelt wrong would go on counting. */
const requireRules = (ids: readonly string[], known: readonly string[]): void => {
  for (const id of ids) {
    if (known.includes(id)) continue
    const near = nearest(id, known)
    throw new SluiceError(
      'USAGE',
      `--rule-off: the policy has no rule ${id}${near === null ? '' : `; did you mean ${near}?`}`,
    )
  }
}

const on = async (values: Values, models: string, trust: Trust, now: number): Promise<Result> => {
  const rulesOff = values['rule-off'] ?? []
  if (rulesOff.length > 0) {
    const { spec } = await openPolicy(undefined, models, readSettings(), now)
    if (spec !== null)
      requireRules(
        rulesOff,
        spec.rules.map(({ id }) => id),
      )
  }
  const order: Readonly<Record<keyof KillSwitchSpec, unknown>> = {
    by: required(values.by, '--by'),
    why: required(values.why, '--why'),
    until: new Date(now + lengthOf(required(values.for, '--for'))).toISOString(),
    modelOff: values['model-off'],
    rulesOff,
    atMost: values['at-most'],
    atLeast: values['at-least'],
  }
  const text = stringify(order)
  const file = killSwitchFile(models)
  parseKillSwitch(text, file, now)
  const { approversFolder } = killSwitchCheck(models, trust)
  if (values.key !== undefined)
    await addApproval({
      modelsFolder: models,
      policySha256: sha256(text),
      keyFile: values.key,
      name: null,
      approversFolder,
      now,
    })
  const { untilMs, ...understood } = await understandKillSwitch(models, text, trust, now)
  await replaceFile(file, text)
  return {
    json: { file, ...understood },
    text: `${file}: in force until ${new Date(untilMs).toISOString()}\n`,
  }
}

const off = async (models: string): Promise<Result> => {
  const before = await readKillSwitchText(models)
  await removeKillSwitch(models)
  return {
    json: { off: true, was: before },
    text: before === null ? 'there was no kill switch\n' : `taken off:\n${before}`,
  }
}

const show = async (models: string): Promise<Result> => {
  const text = await readKillSwitchText(models)
  return { json: { killSwitch: text }, text: text ?? 'there is no kill switch\n' }
}

export const run = async (args: readonly string[]): Promise<number> => {
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  const { models } = values
  const actions: Readonly<Record<string, () => Promise<Result>>> = {
    on: () => on(values, models, trustOf(readSettings()), Date.now()),
    off: () => off(models),
    show: () => show(models),
  }
  const [name = ''] = positionals
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined
  if (action === undefined) throw new SluiceError('USAGE', 'expected on, off or show')
  const { json, text } = await action()
  process.stdout.write(values.json ? `${JSON.stringify(json)}\n` : text)
  return 0
}
