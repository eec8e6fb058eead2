import { parseArgs } from 'node:util'
import { rowNames } from '../compose/rowNames.ts'
import { trustOf } from '../compose/trust.ts'
import { readSettings } from '../config.ts'
import { compilePolicy } from '../decision/policy.ts'
import { SluiceError } from '../errors.ts'
import { parseWindow } from '../features/windows.ts'
import { loadBundle } from '../model/bundle.file.ts'
import { auditRecords, type LeftOut } from '../offline/dataset/auditRecords.ts'
import { readKnownLabels } from '../offline/dataset/readKnownLabels.file.ts'
import { readReplayRecords, replayedNames } from '../offline/dataset/replayRecords.file.ts'
import type { FeatureRecord } from '../offline/dataset/row.ts'
import { writeDataset } from '../offline/dataset/writeDataset.file.ts'
import { openAudits } from './openAudits.ts'
import { required, timeOf } from './options.ts'

export const summary = 'join features with what was known of the payments at a date'

const help = `Usage: sluice dataset --feedback FILE --as-of TIME --out DIR (--features FILE --payments FILE | --audit FILE|topic)

Writes DIR/features.csv and DIR/labels.csv, as sluice train takes them. A payment is fraud or genuine by the feedback
that was known at --as-of; one that nobody has spoken of counts as genuine once --label-delay has passed since it, and
is left out before that. In labels.csv, controlGroup is 1 for what was let through so that models can learn from it.

  --feedback FILE     what payments turned out to be, as sluice replay takes it
  --as-of TIME        date or time; feedback that became known later does not exist
  --out DIR           made if it is not there
  --features FILE     CSV of sluice replay, and
  --payments FILE     the payments that it read; or
  --audit FILE        audit records as NDJSON (sluice model report --keep writes them), or the word topic: the audit topic
                      of SLUICE_KAFKA_BROKERS; features as they were when each payment was decided by the bundle in
                      SLUICE_MODELS_DIR

Options:
  --label-delay TIME  7d, 36h ... (7d)
  --from TIME         only payments at or after it
  --to TIME           only payments before it
  --json              print the result as JSON
`

const options = {
  feedback: { type: 'string' },
  'as-of': { type: 'string' },
  out: { type: 'string' },
  features: { type: 'string' },
  payments: { type: 'string' },
  audit: { type: 'string' },
  'label-delay': { type: 'string', default: '7d' },
  from: { type: 'string' },
  to: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

type Source = {
  readonly names: readonly string[]
  readonly records: AsyncIterable<readonly FeatureRecord[]>
  readonly leftOut: LeftOut
}

/** A record is written after its payment, by whichever clock: so much earlier ones are looked at too. */
const slackMs = 86_400_000

const nothingLeftOut = (): LeftOut => ({ otherBundles: 0, withoutRow: 0, reusedIds: 0, laterAttempts: 0 })

const openAudit = async (audits: string, from: number): Promise<Source> => {
  const settings = readSettings()
  const bundle = await loadBundle(settings.modelsDir, trustOf(settings))
  // The processor has checked the names already.
  const { features } = compilePolicy(bundle.policyText, { isFeature: () => null })
  const names = rowNames(bundle, features)
  const leftOut = nothingLeftOut()
  const records = auditRecords(
    openAudits(audits, Math.max(0, from - slackMs), 'dataset'),
    { bundleHash: bundle.bundleHash, names },
    leftOut,
  )
  return { names, records, leftOut }
}

const openReplay = async (features: string, payments: string): Promise<Source> => {
  const names = await replayedNames(features)
  return { names, records: readReplayRecords(features, payments, names), leftOut: nothingLeftOut() }
}

async function* between(
  records: AsyncIterable<readonly FeatureRecord[]>,
  from: number,
  to: number,
): AsyncGenerator<readonly FeatureRecord[], void, undefined> {
  for await (const some of records)
    yield some.filter(({ occurredAt }) => occurredAt >= from && occurredAt < to)
}

const delayOf = (text: string): number => {
  const delay = parseWindow(text)
  if (delay !== null) return delay
  throw new SluiceError(
    'USAGE',
    `--label-delay: expected a length of time such as 7d, got ${JSON.stringify(text)}`,
  )
}

export const run = async (args: readonly string[]): Promise<number> => {
  const { values } = parseArgs({ args: [...args], options })
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  const asOf = timeOf(required(values['as-of'], '--as-of'), '--as-of')
  const labelDelayMs = delayOf(values['label-delay'])
  const feedback = required(values.feedback, '--feedback')
  const folder = required(values.out, '--out')
  const from = values.from === undefined ? -Infinity : timeOf(values.from, '--from')
  const to = values.to === undefined ? Infinity : timeOf(values.to, '--to')
  if (values.audit !== undefined && values.features !== undefined)
    throw new SluiceError(
      'USAGE',
      '--audit and --features exclude each other: both say where the features are',
    )

  const source =
    values.audit === undefined
      ? await openReplay(required(values.features, '--features'), required(values.payments, '--payments'))
      : await openAudit(values.audit, from)
  const written = await writeDataset(between(source.records, from, to), {
    folder,
    names: source.names,
    known: await readKnownLabels(feedback, asOf),
    maturity: { asOf, labelDelayMs },
  })
  const { otherBundles, ...others } = source.leftOut
  const result = { ...written, ofOtherBundles: otherBundles, ...others }
  process.stdout.write(
    values.json
      ? `${JSON.stringify(result)}\n`
      : `${written.payments} payments, ${written.frauds} of them fraud: ${folder}\n` +
          `${written.unknown} left out, as nothing was known of them; ${otherBundles} of other bundles, ${others.withoutRow} without features, ${others.reusedIds} with a reused id, ${others.laterAttempts} later attempts\n`,
  )
  return 0
}
