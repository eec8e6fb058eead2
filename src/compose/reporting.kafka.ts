import type { Kafka } from 'kafkajs'
import type { Config } from '../config.ts'
import type { CaseEntry } from '../domain/case.ts'
import { hoursLeft, isRunning } from '../intel/cases/duty.ts'
import type { Register } from '../intel/cases/register.ts'
import { readClients } from '../intel/taxii/clients.file.ts'
import type { Log } from '../ops/log.ts'
import type { Metrics } from '../ops/metrics.ts'
import type { FeedbackDecoderDeps } from '../stream/codec/riskFeedback.ts'
import type { TopicNames } from '../stream/topicSpec.ts'
import { createCaseLog } from './caseLog.kafka.ts'
import { createIntelOut } from './intelOut.kafka.ts'
import { openTaxii, type Taxii } from './taxii.kafka.ts'

/** How often the clock of cases is looked at, and what is kept back. */
const tickMs = 1_000

export type ReportingDeps = {
  readonly config: Config
  readonly kafka: Kafka
  readonly consumerOptions: Omit<Parameters<Kafka['consumer']>[0], 'groupId'>
  readonly topics: TopicNames
  readonly decoderDeps: FeedbackDecoderDeps
  readonly metrics: Metrics
  readonly log: Log
  readonly now: () => number
  readonly monotonic: () => number
  readonly onCrash: (error: Error) => void
}

/** The case log, the sharing of intelligence and the TAXII server: beside the payments, whose path they never touch. */
export type Reporting = { readonly start: () => Promise<void>; readonly stop: () => Promise<void> }

const tellCases =
  (metrics: Metrics) =>
  (register: Register, now: number): void => {
    const counts = new Map<string, number>()
    const least = new Map<string, number>()
    for (const known of register.cases()) {
      counts.set(known.state, (counts.get(known.state) ?? 0) + 1)
      if (isRunning(known))
        least.set(known.state, Math.min(least.get(known.state) ?? Infinity, hoursLeft(known, now)))
    }
    metrics.setCases(counts)
    metrics.setCaseHoursLeft(least)
  }

const none: ReadonlyMap<string, number> = new Map()

export const createReporting = (deps: ReportingDeps): Reporting => {
  const { config, kafka, topics, metrics, log } = deps
  const common = { ...deps, groupId: config.groupId, sessionTimeoutMs: config.sessionTimeoutMs, tickMs }

  const tellEntry = ({ kind, caseId, state, hours }: CaseEntry): void => {
    if (hours === null) return
    metrics.countCaseStep(hours)
    const told = { caseId, state, hours }
    if (kind === 'BREACHED') log.error(told, 'a report is overdue')
    else log.warn(told, 'a report is due soon')
  }

  const caseLog = createCaseLog({
    ...common,
    onCommands: metrics.countCaseCommands,
    onWritten: (entries) => entries.forEach(tellEntry),
    onCases: tellCases(metrics),
    onOwning: (isOwner) => {
      log.info({ isOwner }, 'the case log')
      if (isOwner) return
      metrics.setCases(none)
      metrics.setCaseHoursLeft(none)
    },
    onFailure: (error) => log.warn({ error }, 'the case log waits'),
  })

  const intelOut =
    config.sharingKey === null
      ? null
      : createIntelOut({
          ...common,
          key: config.sharingKey(),
          institution: config.institution,
          tlp: config.intelTlp,
          delayMs: config.intelDelayMs,
          onPublished: (objects) => objects.forEach(({ type }) => metrics.countSharedObject(type)),
          onHeld: metrics.setHeldLabels,
          onOwning: (isOwner) => {
            log.info({ isOwner }, 'the sharing of intelligence')
            if (!isOwner) metrics.setHeldLabels(0)
          },
          onFailure: (error) => log.warn({ error }, 'the sharing of intelligence waits'),
        })

  let taxii: Taxii | null = null
  const startTaxii = async (): Promise<void> => {
    if (config.taxiiClientsFile === '') return
    taxii = await openTaxii({
      kafka,
      groupId: config.groupId,
      intelOut: topics.intelOut,
      clients: await readClients(config.taxiiClientsFile),
      institution: config.institution,
      host: config.taxiiHost,
      port: config.taxiiPort,
      most: config.taxiiObjectsMax,
      warn: (message, error) => log.warn({ error }, message),
      onCrash: deps.onCrash,
    })
    log.info({ taxiiPort: taxii.port }, 'intelligence is served')
  }

  return {
    start: async () => void (await Promise.all([caseLog.start(), intelOut?.start(), startTaxii()])),
    stop: async () => void (await Promise.all([caseLog.stop(), intelOut?.stop(), taxii?.stop()])),
  }
}
