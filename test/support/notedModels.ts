import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rowNames } from '../../src/compose/rowNames.ts'
import { compilePolicy } from '../../src/decision/policy.ts'
import { loadBundle } from '../../src/model/bundle.file.ts'
import { sha256 } from '../../src/model/canonical.ts'

const models = fileURLToPath(new URL('../../models', import.meta.url))

const rule = `
  - id: told_beside_payments
    when: f("account.fraud_count.7d") >= 1.0 && f("account.login_failed.1h") >= 2.0
    outcome: BLOCK
    reason: ACCOUNT_TAKEOVER
    finding: KNOWN_FRAUD_SCENARIO
    owner: test
    cases:
      - given: { features: { account.fraud_count.7d: 1, account.login_failed.1h: 2 } }
        expect: hit
      - given: { features: { account.fraud_count.7d: 0 } }
        expect: no hit
      - given: { features: { account.fraud_count.7d: 1 } }
        expect: unknown
`

export type NotedModels = {
  readonly folder: string
  /** What each place of a feature row means. */
  readonly names: readonly string[]
  readonly remove: () => Promise<void>
}

/** The shipped models with one rule more, whose features (labels, failed log-ins) are then computed. */
export const copyNotedModels = (): Promise<NotedModels> => copyModelsWith(rule)

/** The shipped models with more rules. @param rules as they stand in the file, each after a line's end */
export const copyModelsWith = async (rules: string): Promise<NotedModels> => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-notes-'))
  await cp(models, folder, { recursive: true })
  const policyFile = join(folder, 'policy.yaml')
  const shipped = await readFile(policyFile, 'utf8')
  const policy = shipped.replace('\nrules:\n', `\nrules:${rules}\n`)
  await writeFile(policyFile, policy)
  const activeFile = join(folder, 'active.json')
  const active = await readFile(activeFile, 'utf8')
  await writeFile(activeFile, active.replace(sha256(shipped), sha256(policy)))

  const bundle = await loadBundle(folder)
  const { features } = compilePolicy(bundle.policyText, { isFeature: () => null })
  const names = rowNames(bundle, features)
  return { folder, names, remove: () => rm(folder, { recursive: true }) }
}
