import { createHash } from 'node:crypto'
import type { IntelLoss, IntelResult } from '../../domain/intelligence.ts'
import { intelResults } from '../../domain/intelligence.ts'
import { createHasher } from '../../features/hashing.ts'
import { createIntake, type Intake, type Taken } from '../../intel/intake.ts'
import { lossText } from '../../intel/pattern/loss.ts'
import { createIntelTable, type IntelTable } from '../../intel/table/table.ts'

/** What became of the objects of a file. */
export type IntelReport = {
  readonly file: string
  readonly format: string
  readonly counts: Readonly<Record<IntelResult, number>>
  /** Why patterns, or parts of them, are not compiled: how often, what it means, and what they are about. */
  readonly notCompiled: readonly {
    readonly reason: IntelLoss
    readonly count: number
    readonly meaning: string
    readonly about: readonly string[]
  }[]
  /** What is wrong with invalid objects and unread lines, each problem once, and how often. */
  readonly problems: readonly { readonly problem: string; readonly count: number }[]
}

const examplesMax = 5
const problemsMax = 20

/** Hashes here meet no other hashes: the key need not be a secret. */
const checkHashKey = Buffer.from('sluice in memory')
const plainHash = (contact: string): string => createHash('sha256').update(contact).digest('hex')

/** A table in memory, and what takes objects over into it. */
export const openIntelInMemory = (
  hashContact = plainHash,
): { readonly table: IntelTable; readonly intake: Intake } => {
  const table = createIntelTable(createHasher(checkHashKey).hashToken)
  return { table, intake: createIntake(table, { hashContact }) }
}

/** Does at once what is done in pieces beside payments. */
export const settleIfDue = (table: IntelTable): void => {
  if (table.isDue()) for (const _piece of table.settle());
}

const createTally = () => {
  const counts = Object.fromEntries(intelResults.map((result) => [result, 0])) as Record<IntelResult, number>
  const losses = new Map<IntelLoss, { count: number; readonly about: Set<string> }>()
  const problems = new Map<string, number>()
  const addProblem = (problem: string): void => {
    const known = problems.has(problem) || problems.size < problemsMax ? problem : 'other problems'
    problems.set(known, (problems.get(known) ?? 0) + 1)
  }
  return {
    addProblem,
    add: (taken: Taken): void => {
      counts[taken.result]++
      if (taken.problem !== null) addProblem(taken.problem)
      for (const { reason, detail } of taken.losses) {
        const loss = losses.get(reason) ?? { count: 0, about: new Set() }
        losses.set(reason, loss)
        loss.count++
        if (loss.about.size < examplesMax) loss.about.add(detail)
      }
    },
    report: (): Pick<IntelReport, 'counts' | 'notCompiled' | 'problems'> => ({
      counts,
      notCompiled: [...losses].map(([reason, { count, about }]) => ({
        reason,
        count,
        meaning: lossText[reason],
        about: [...about],
      })),
      problems: [...problems].map(([problem, count]) => ({ problem, count })),
    }),
  }
}

export type CheckedFile = {
  readonly file: string
  readonly format: string
  readonly objects: readonly unknown[]
  readonly unread: readonly string[]
}

/** Takes the objects of a file over as the processor would, and tells what became of them. */
export const checkIntel = (
  { file, format, objects, unread }: CheckedFile,
  { table, intake }: ReturnType<typeof openIntelInMemory>,
): IntelReport => {
  const tally = createTally()
  for (const object of objects) {
    tally.add(intake.take(object))
    settleIfDue(table)
  }
  for (const problem of unread) tally.addProblem(problem.replace(/^(line|row) \d+: /, ''))
  return { file, format, ...tally.report() }
}
