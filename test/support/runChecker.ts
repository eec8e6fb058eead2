import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Findings } from '../checker/verdict.ts'

const project = fileURLToPath(new URL('../../', import.meta.url))
const run = promisify(execFile)

export type CheckerOptions = {
  readonly brokers: string
  readonly prefix: string
  readonly deadlineMs: number
}

/** What the checker, a process of its own, finds wrong with all that stands in Kafka by now. */
export const runChecker = async ({ brokers, prefix, deadlineMs }: CheckerOptions): Promise<Findings> => {
  const { stdout } = await run(
    process.execPath,
    [
      '--import',
      'tsx',
      'test/checker/main.ts',
      `--brokers=${brokers}`,
      `--prefix=${prefix}`,
      `--deadline-ms=${deadlineMs}`,
    ],
    { cwd: project },
  )
  return JSON.parse(stdout) as Findings
}

/** What no fault may bring about. Answers may stand there twice, or be flagged as late, where a test does not say otherwise. */
export const nothingWrong = {
  missing: [],
  contradictory: [],
  unasked: [],
  disordered: [],
  unflagged: [],
  misflagged: [],
} as const
