import { SluiceError } from '../errors.ts'
import type { CommandTable } from './command.ts'

export const summary = 'compare policies'

const actions: CommandTable = {
  diff: {
    summary: 'decide recorded payments by two policies and show who would be decided differently',
    load: () => import('./policyDiff.ts'),
  },
}

export const run = async (args: readonly string[]): Promise<number> => {
  const [name, ...rest] = args
  const action = name !== undefined && Object.hasOwn(actions, name) ? actions[name] : undefined
  if (action !== undefined) return (await action.load()).run(rest)
  if (name !== '--help' && name !== '-h')
    throw new SluiceError('USAGE', `expected one of ${Object.keys(actions).join(', ')}`)
  const lines = Object.entries(actions).map(([each, entry]) => `  ${each}  ${entry.summary}\n`)
  process.stdout.write(`Usage: sluice policy ACTION [options]\n\n${lines.join('')}`)
  return 0
}
