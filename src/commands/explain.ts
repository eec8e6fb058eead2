import { parseArgs } from 'node:util'
import { readSettings } from '../config.ts'
import { SluiceError } from '../errors.ts'
import { accountFor, type DecisionAccount } from '../offline/explain/account.ts'
import { findPayment } from '../offline/explain/find.kafka.ts'
import type { Found } from '../offline/explain/found.ts'
import { aroundLines, decisionLines } from '../offline/explain/lines.ts'
import { loadSchemas } from '../stream/codec/schemas.file.ts'
import { openScanner } from '../stream/scan.kafka.ts'
import { topicNames } from '../stream/topicSpec.ts'
import { openBook } from './openBook.ts'
import { openKafka } from './openKafka.ts'
import { numberOf, timeOf } from './options.ts'
import { createProgressBar } from './progressBar.ts'

export const summary = 'show for a person how a payment was decided, and what came of it'

const help = `Usage: sluice explain PAYMENT_ID [options]

Finds the payment's audit records, answers, refusals and feedback in Kafka and shows what made each decision.

Options:
  --attempt N        this attempt alone
  --account ID       the payer: only the account's partition of the audit topic is read
  --since TIME       records written before it are left out
  --until TIME       and those written later; feedback is looked for to the end
  --json             print all of it as JSON
`

const options = {
  attempt: { type: 'string' },
  account: { type: 'string' },
  since: { type: 'string' },
  until: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

/** Whoever has the proof may give feedback: it is not for reading. */
const withoutProof = (name: string, value: unknown): unknown => (name === 'feedbackMac' ? undefined : value)

/** Each decision once, with the audit record that was made of it. */
const accountsOf = (found: Found, book: Awaited<ReturnType<typeof openBook>>): readonly DecisionAccount[] => {
  const accounts = new Map<string, DecisionAccount>()
  // Made anew where its first answer was no longer kept, it is another decision of the same content.
  const keyOf = ({ attempt, contentHash, decidedAt }: DecisionAccount['decision']): string =>
    `${attempt} ${contentHash} ${decidedAt}`
  for (const audit of found.audits) {
    const before = accounts.get(keyOf(audit.decision))
    if (before !== undefined && (before.audit?.features.length ?? 0) > 0) continue
    const { decision } = audit
    accounts.set(keyOf(decision), accountFor(decision, audit, book.of(decision.bundleHash)))
  }
  for (const { decision } of found.decisions)
    if (!accounts.has(keyOf(decision)))
      accounts.set(keyOf(decision), accountFor(decision, null, book.of(decision.bundleHash)))
  return [...accounts.values()].sort((a, b) => a.decision.decidedAt - b.decision.decidedAt)
}

/** What is found of one attempt; a record that was refused may have none. */
const ofAttempt = (found: Found, attempt: number): Found => ({
  audits: found.audits.filter(({ decision }) => decision.attempt === attempt),
  decisions: found.decisions.filter(({ decision }) => decision.attempt === attempt),
  deadLetters: found.deadLetters,
  feedback: found.feedback.filter((each) => each.attempt === attempt),
})

/** Gives 1 where nothing is found. @throws SluiceError USAGE, KAFKA_UNAVAILABLE */
export const run = async (args: readonly string[]): Promise<number> => {
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  const [paymentId, ...more] = positionals
  if (paymentId === undefined || more.length > 0) throw new SluiceError('USAGE', 'expected one PAYMENT_ID')
  const from = values.since === undefined ? 0 : timeOf(values.since, '--since')
  const until = values.until === undefined ? Infinity : timeOf(values.until, '--until')
  const attempt = values.attempt === undefined ? null : numberOf(values.attempt, '--attempt')
  const settings = readSettings()
  const book = await openBook(settings, 'explain', true)
  const scanner = await openScanner(openKafka(settings, 'explain'))
  const progress = createProgressBar({ terminal: process.stderr, monotonic: () => performance.now() })
  try {
    const all = await findPayment(
      {
        scanner,
        topics: topicNames(settings.topicPrefix),
        schemas: await loadSchemas(settings.schemasDir),
        onProgress: (topic, done, of) => progress.at(`records of ${topic}`, done, of),
      },
      { paymentId, accountId: values.account ?? null, from, until },
    )
    progress.end()
    const found = attempt === null ? all : ofAttempt(all, attempt)
    const accounts = accountsOf(found, book)
    if (accounts.length === 0 && (attempt !== null || found.deadLetters.length === 0)) {
      const which = attempt === null ? '' : `, attempt ${attempt},`
      process.stderr.write(`nothing is found of payment ${JSON.stringify(paymentId)}${which} in that time\n`)
      return 1
    }
    const lines = [...accounts.flatMap((account) => [...decisionLines(account), '']), ...aroundLines(found)]
    process.stdout.write(
      values.json
        ? `${JSON.stringify({ decisions: accounts, answers: found.decisions, deadLetters: found.deadLetters, feedback: found.feedback }, withoutProof)}\n`
        : `${lines.join('\n')}\n`,
    )
    return 0
  } finally {
    await scanner.close()
  }
}
