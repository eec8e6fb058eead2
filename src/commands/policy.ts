import { SluiceError } from '../errors.ts'
import type { CommandTable } from './command.ts'

export const summary = 'keep the lists of the policy'

/** One line for each action; every one has its own --help. */
const actions: CommandTable = {
  lists: {
    summary: 'block, allow or snooze somebody: the lists of the policy',
    load: () => import('./policyLists.ts'),
  },
}

const help = (): string => {
  const lines = Object.entries(actions).map(([name, entry]) => `  ${name}  ${entry.summary}\n`)
  return `Usage: sluice policy ACTION [options]\n\n${lines.join('')}\nsluice policy ACTION --help says more.\n`
}

export const run = async (args: readonly string[]): Promise<number> => {
  const [name, ...rest] = args
  if (name === '--help' || name === '-h') {
    process.stdout.write(help())
    return 0
  }
  const action = name !== undefined && Object.hasOwn(actions, name) ? actions[name] : undefined
  if (action !== undefined) return (await action.load()).run(rest)
  throw new SluiceError('USAGE', `expected one of ${Object.keys(actions).join(', ')}`)
}
