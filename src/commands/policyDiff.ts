import { parseArgs } from 'node:util'
import { readSettings } from '../config.ts'
import { createPolicyDiff, type PolicyDiff } from '../offline/audit/policyDiff.ts'
import { createPolicySide } from '../offline/audit/policySide.ts'
import { readPolicy } from '../offline/audit/policyText.file.ts'
import { openAudits, topicWord } from './openAudits.ts'
import { openBook } from './openBook.ts'
import { numberOf, required, timeOf } from './options.ts'
import { createProgress } from './progress.ts'

export const summary = 'decide recorded payments by two policies and show who would be decided differently'

const help = `Usage: sluice policy diff --from OLD.yaml --to NEW.yaml --audit FILE|topic [options]

  --from FILE      the policy to compare with
  --to FILE        the policy that is to come
  --audit FILE     audit records as NDJSON, or the word topic: the audit topic of SLUICE_KAFKA_BROKERS

Options:
  --since TIME     of the topic, records written before it are left out
  --bundles topic  with a file: what its bundles' rows mean is looked for on the topic bundles too
  --examples K     so many payments are named (20)
  --json           print the result as JSON
`

const options = {
  from: { type: 'string' },
  to: { type: 'string' },
  audit: { type: 'string' },
  since: { type: 'string' },
  bundles: { type: 'string' },
  examples: { type: 'string', default: '20' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

const linesOf = (diff: PolicyDiff): string => {
  const share = diff.payments === 0 ? '-' : `${((100 * diff.changed) / diff.payments).toFixed(2)} %`
  return [
    `${diff.payments} payments, ${diff.changed} decided differently (${share})`,
    ...diff.changes.map(
      ({ from, to, payments, amounts }) =>
        `  ${from} -> ${to}  ${payments}  ${Object.entries(amounts)
          .map(([currency, amount]) => `${amount} minor units of ${currency}`)
          .join(', ')}`,
    ),
    ...Object.entries(diff.because).map(([part, count]) => `  because of ${part}  ${count}`),
    ...diff.examples.map(
      ({ paymentId, attempt, from, to, because }) =>
        `    ${paymentId} (attempt ${attempt})  ${from} -> ${to}  ${because.join(', ')}`,
    ),
    ...(diff.unheld.payments === 0
      ? []
      : [
          `${diff.unheld.payments} payments lack features that a policy looks at, which count as not known: ${diff.unheld.features.join(', ')}`,
        ]),
    ...(diff.recordedOtherwise === 0
      ? []
      : [
          `${diff.recordedOtherwise} were decided otherwise than --from decides, by another policy or a guard`,
        ]),
    ...(diff.withoutFeatures === 0 ? [] : [`${diff.withoutFeatures} left out: no features in the record`]),
    ...(diff.bundleUnknown === 0 ? [] : [`${diff.bundleUnknown} left out: nobody knows their bundle`]),
    '',
  ].join('\n')
}

/** @throws SluiceError USAGE, POLICY_INVALID, FILE_INVALID, KAFKA_UNAVAILABLE */
export const run = async (args: readonly string[]): Promise<number> => {
  const { values } = parseArgs({ args: [...args], options })
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  const source = required(values.audit, '--audit')
  const before = await readPolicy(required(values.from, '--from'))
  const after = await readPolicy(required(values.to, '--to'))
  const since = values.since === undefined ? 0 : timeOf(values.since, '--since')
  const settings = readSettings()
  const book = await openBook(settings, 'diff', source === topicWord || values.bundles === topicWord)
  const fileEntries = new Set([...before.entryIds, ...after.entryIds])
  const diff = createPolicyDiff({
    old: createPolicySide(before.policy, fileEntries),
    new: createPolicySide(after.policy, fileEntries),
    namesOf: (bundleHash) => book.of(bundleHash)?.account.featureNames ?? null,
    examplesAtMost: numberOf(values.examples, '--examples'),
  })
  const progress = createProgress('payments compared')
  let payments = 0
  for await (const audit of openAudits(source, since, 'diff')) {
    diff.add(audit)
    progress.at(++payments)
  }
  progress.end()
  const result = diff.result()
  process.stdout.write(values.json ? `${JSON.stringify(result)}\n` : linesOf(result))
  return 0
}
