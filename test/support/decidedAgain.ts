import type { Agreement } from '../../src/offline/audit/agreement.ts'
import { runCommand } from './command.ts'
import type { ProcessorEnvironment } from './processor.ts'

/** What `sluice replay --audit` makes of all decisions that stand on the audit topic. */
export const decidedAgain = async (environment: ProcessorEnvironment): Promise<Agreement> => {
  const { out, err } = await runCommand(
    ['replay', '--audit', 'topic', '--json', '--allow-differences'],
    environment,
  )
  if (out === '') throw new Error(`nothing was decided again: ${err}`)
  return JSON.parse(out) as Agreement
}

/** What there is to see where every decision comes out as it did. */
export const allTheSame = (decisions: number) => ({
  decisions,
  same: decisions,
  differs: {},
  undecided: {},
  notScored: 0,
  examples: [],
})
