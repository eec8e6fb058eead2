import path from 'node:path'
import { rowNames } from '../compose/rowNames.ts'
import { SluiceError } from '../errors.ts'
import { compileFeatures } from '../features/plan.ts'
import { readActive } from '../model/activeWriter.file.ts'
import { readModel } from '../model/bundle.file.ts'
import { messageOf } from '../model/refusal.ts'
import { checkFor, type Trust } from '../model/trust.ts'

/** How a policy goes with the models that are active. */
export type Beside = {
  readonly models: readonly string[]
  /** Features that the row holds for the policy alone: each costs every payment something. */
  readonly ownFeatures: readonly string[]
  readonly problems: readonly string[]
}

/** The row of features that an instance would make for the policy and the active models. */
export const checkBeside = async (
  modelsFolder: string,
  policyFeatures: readonly string[],
  trust: Trust,
  retentionMs: number,
): Promise<Beside> => {
  try {
    const active = await readActive(modelsFolder)
    const check = checkFor(modelsFolder, trust)
    const champion = await readModel(modelsFolder, active.champion, check)
    const challengers = await Promise.all(
      active.challengers.map((each) => readModel(modelsFolder, each, check)),
    )
    const models = [active.champion, ...active.challengers].map((each) => each.path)
    compileFeatures(rowNames({ champion, challengers }, policyFeatures), { retentionMs })
    const theirs = new Set(rowNames({ champion, challengers }, []))
    return { models, ownFeatures: policyFeatures.filter((name) => !theirs.has(name)), problems: [] }
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error
    const problem = `${path.join(modelsFolder, 'active.json')}, the models beside it: ${messageOf(error)}`
    return { models: [], ownFeatures: [], problems: [problem] }
  }
}
