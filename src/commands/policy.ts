import { SluiceError } from '../errors.ts'
import { nearest } from '../nearest.ts'
import type { CommandTable } from './command.ts'

export const summary =
  'check, test, approve and compare policies; hold one back in an emergency; keep its lists'

/** One line for each action; every one has its own --help. */
const actions: CommandTable = {
  check: {
    summary: 'say everything that is wrong with a policy, and who approved it',
    load: () => import('./policyCheck.ts'),
  },
  test: {
    summary: "run a policy's cases, and say what they would not notice",
    load: () => import('./policyTest.ts'),
  },
  diff: {
    summary: 'decide recorded payments by two policies and show who would be decided differently',
    load: () => import('./policyDiff.ts'),
  },
  lists: {
    summary: 'block, allow or snooze somebody: the lists of the policy',
    load: () => import('./policyLists.ts'),
  },
  keygen: {
    summary: 'make a key with which a person approves policies',
    load: () => import('./policyKeygen.ts'),
  },
  sign: {
    summary: 'approve a policy as it is, with a key of your own',
    load: () => import('./policySign.ts'),
  },
  'kill-switch': {
    summary: 'switch the model, rules or BLOCK off at once, for a while',
    load: () => import('./policyKillSwitch.ts'),
  },
  promote: {
    summary: 'let the policy as it is now decide, if it is right and approved',
    load: () => import('./policyPromote.ts'),
  },
}

const help = (): string => {
  const width = Math.max(...Object.keys(actions).map((name) => name.length))
  const lines = Object.entries(actions).map(([name, entry]) => `  ${name.padEnd(width)}  ${entry.summary}\n`)
  return `Usage: sluice policy ACTION [options]\n\n${lines.join('')}\nsluice policy ACTION --help says more.\n`
}

export const run = async (args: readonly string[]): Promise<number> => {
  const [name, ...rest] = args
  if (name === '--help' || name === '-h') {
    process.stdout.write(help())
    return 0
  }
  const names = Object.keys(actions)
  const action = name !== undefined && Object.hasOwn(actions, name) ? actions[name] : undefined
  if (action !== undefined) return (await action.load()).run(rest)
  const near = name === undefined ? null : nearest(name, names)
  throw new SluiceError(
    'USAGE',
    `expected one of ${names.join(', ')}${near === null ? '' : `; did you mean ${near}?`}`,
  )
}
