import { parseArgs } from 'node:util'
import { rowNames } from '../compose/rowNames.ts'
import { trustOf } from '../compose/trust.ts'
import { readSettings } from '../config.ts'
import { compilePolicy } from '../decision/policy.ts'
import { SluiceError } from '../errors.ts'
import { loadBundle } from '../model/bundle.file.ts'
import { createAuditWriter } from '../offline/audit/audits.file.ts'
import { labelAt } from '../offline/dataset/knownLabels.ts'
import { readKnownLabels } from '../offline/dataset/readKnownLabels.file.ts'
import { writeReport } from '../offline/promotion/writeReport.file.ts'
import { createReporting, type KnownBundle, type ReportDeps } from '../offline/promotion/promotionReport.ts'
import { readLabels } from '../offline/training/labels.file.ts'
import { openAudits } from './openAudits.ts'
import { numberOf, required, timeOf } from './options.ts'

const help = `Usage: sluice model report --audit FILE|topic [--labels FILE | --feedback FILE] --out DIR [options]

Compares the champion with its challengers on the payments of audit records: where they agree, what would change, what
is known to have been fraud, scores, latency and drift. Writes DIR/report.html and DIR/report.json.

  --audit FILE       NDJSON of audit records (.gz too), or the word topic: the audit topic of SLUICE_KAFKA_BROKERS
  --out DIR          folder for the report

Options:
  --labels FILE      paymentId, occurredAt, accountId, fraud (0 or 1), knownAt
  --feedback FILE    risk-feedback as \`sluice replay\` takes it
  --as-of TIME       only what was known by then (now)
  --label-delay DAYS a payment that nobody has spoken of for so long is genuine (7)
  --from TIME        with --audit topic: leave out what was written before
  --base NAME/VER    compare with this model (the champion of active.json)
  --keep FILE        write the audit records that were read to a file, for another time
  --models DIR       the models folder (models)
  --json             print report.json too
`

const options = {
  audit: { type: 'string' },
  labels: { type: 'string' },
  feedback: { type: 'string' },
  out: { type: 'string' },
  'as-of': { type: 'string' },
  'label-delay': { type: 'string', default: '7' },
  from: { type: 'string' },
  base: { type: 'string' },
  keep: { type: 'string' },
  models: { type: 'string', default: 'models' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

const dayMs = 86_400_000

const knownBundle = async (models: string): Promise<KnownBundle> => {
  const bundle = await loadBundle(models, trustOf(readSettings()))
  const { id, version, baseline } = bundle.champion.manifest
  // The processor has checked the names already.
  const { features } = compilePolicy(bundle.policyText, { isFeature: () => null })
  return {
    bundleHash: bundle.bundleHash,
    champion: `${id}/${version}`,
    features: rowNames(bundle, features),
    baseline,
  }
}

type LabelSource = {
  readonly labels: string | undefined
  readonly feedback: string | undefined
  readonly asOf: number
  readonly labelDelayMs: number
}

const labelOf = async ({
  labels,
  feedback,
  asOf,
  labelDelayMs,
}: LabelSource): Promise<ReportDeps['labelOf']> => {
  if (labels !== undefined && feedback !== undefined)
    throw new SluiceError('USAGE', 'expected --labels or --feedback, got both')
  if (labels !== undefined) {
    const known = await readLabels(labels)
    return ({ paymentId }) => {
      const label = known.get(paymentId)
      if (label === undefined) return NaN
      return (label.knownAt ?? label.occurredAt + labelDelayMs) <= asOf ? Number(label.fraud) : NaN
    }
  }
  if (feedback === undefined) return () => NaN
  const known = await readKnownLabels(feedback, asOf)
  return (payment) => {
    const label = labelAt(known, { asOf, labelDelayMs }, payment)
    return label === null ? NaN : Number(label.fraud)
  }
}

/** `sluice model report`. @throws SluiceError USAGE, FILE_INVALID, MODEL_INVALID, KAFKA_UNAVAILABLE */
export const runReport = async (args: readonly string[]): Promise<number> => {
  const { values } = parseArgs({ args: [...args], options })
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  const audit = required(values.audit, '--audit')
  const out = required(values.out, '--out')
  const asOf = values['as-of'] === undefined ? Date.now() : timeOf(values['as-of'], '--as-of')
  const from = values.from === undefined ? 0 : timeOf(values.from, '--from')
  const labelDelayMs = numberOf(values['label-delay'], '--label-delay') * dayMs
  const bundle = await knownBundle(values.models)
  const reporting = createReporting({
    bundle,
    base: values.base ?? bundle.champion,
    asOf,
    labelOf: await labelOf({ labels: values.labels, feedback: values.feedback, asOf, labelDelayMs }),
  })

  const keep = values.keep === undefined ? null : createAuditWriter(values.keep)
  for await (const record of openAudits(audit, from, 'report')) {
    reporting.add(record)
    await keep?.write(record)
  }
  await keep?.close()

  const report = reporting.report()
  if (report.payments === 0)
    throw new SluiceError('FILE_INVALID', `${audit}: expected audit records, found none`)
  const page = await writeReport(out, report, reporting.curves())
  process.stdout.write(values.json ? `${JSON.stringify(report)}\n` : `${page}\n`)
  return 0
}
