import { parseArgs } from 'node:util'
import { trustOf } from '../compose/trust.ts'
import { readSettings } from '../config.ts'
import { createOpening } from '../model/openScorer.ts'
import { createAgreement, type Agreement } from '../offline/audit/agreement.ts'
import { redecide } from '../offline/audit/redecide.ts'
import { createRedeciders } from '../offline/audit/redeciders.file.ts'
import { openAudits, topicWord } from './openAudits.ts'
import { openBook } from './openBook.ts'
import { required, timeOf } from './options.ts'
import { createProgress } from './progress.ts'

const help = `Usage: sluice replay --audit FILE|topic [options]

Decides again from what audit records hold, each by the bundle that decided it, and names the first stage that gives
something else: features, probability, outcome, reasons, stepUpMethod, exceptions. The exit code is 1 if any does.

  --audit FILE         audit records as NDJSON (sluice model report --keep writes them), or the word topic: the audit topic
                       of SLUICE_KAFKA_BROKERS

Options:
  --since TIME         of the topic, records written before it are left out
  --bundles topic      with a file: bundles that SLUICE_MODELS_DIR does not hold any more are looked for on the topic bundles
  --models DIR         instead of SLUICE_MODELS_DIR
  --allow-differences  the exit code is 0 nevertheless
  --json               print the result as JSON
`

const options = {
  audit: { type: 'string' },
  since: { type: 'string' },
  bundles: { type: 'string' },
  models: { type: 'string' },
  'allow-differences': { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

const linesOf = ({ decisions, same, differs, undecided, notScored, examples }: Agreement): string =>
  [
    `${decisions} decisions, ${same} the same again`,
    ...Object.entries(differs).map(([stage, count]) => `${count} differ at ${stage}`),
    ...(undecided.NO_FEATURES === undefined
      ? []
      : [`${undecided.NO_FEATURES} without features: decided before a swap, delivered again after it`]),
    ...(undecided.BUNDLE_UNKNOWN === undefined
      ? []
      : [`${undecided.BUNDLE_UNKNOWN} by a bundle that nobody knows`]),
    ...(notScored === 0 ? [] : [`${notScored} not scored again: their model's files are gone`]),
    ...examples.map(
      ({ paymentId, attempt, stage, recorded, again, redelivered }) =>
        `  ${paymentId} (attempt ${attempt}) ${stage}: ${JSON.stringify(recorded)} then, ${JSON.stringify(again)} now` +
        (redelivered ? '; delivered again, its features may be others' : ''),
    ),
    '',
  ].join('\n')

/** `sluice replay --audit`. @throws SluiceError USAGE, FILE_INVALID, KAFKA_UNAVAILABLE, POLICY_INVALID */
export const runReplayAudit = async (args: readonly string[]): Promise<number> => {
  const { values } = parseArgs({ args: [...args], options })
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  const source = required(values.audit, '--audit')
  const since = values.since === undefined ? 0 : timeOf(values.since, '--since')
  const settings = readSettings(values.models === undefined ? {} : { SLUICE_MODELS_DIR: values.models })
  const asksKafka = source === topicWord || values.bundles === topicWord
  const redeciders = createRedeciders({
    book: await openBook(settings, 'replay', asksKafka),
    modelsFolder: settings.modelsDir,
    trust: trustOf(settings),
    openScorer: createOpening({
      otherBackends: settings.otherBackends,
      onOtherBackend: (model) =>
        process.stderr.write(`${model} is scored on another engine than it is pinned to\n`),
    }).openScorer,
    onMissing: (model, problem) => process.stderr.write(`${model} is not scored again: ${problem}\n`),
  })
  const agreement = createAgreement()
  const progress = createProgress('decisions made again')
  try {
    let decisions = 0
    for await (const audit of openAudits(source, since, 'replay')) {
      agreement.add(audit, redecide(audit, await redeciders.of(audit.decision.bundleHash)))
      progress.at(++decisions)
    }
  } finally {
    progress.end()
    redeciders.dispose()
  }
  const result = agreement.result()
  process.stdout.write(values.json ? `${JSON.stringify(result)}\n` : linesOf(result))
  return Object.keys(result.differs).length === 0 || values['allow-differences'] ? 0 : 1
}
