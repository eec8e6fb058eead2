import type { IntelLoss, IntelResult } from '../domain/intelligence.ts'
import { collectDefaultMetrics, Registry } from 'prom-client'
import type { SwapResult } from '../domain/bundleSwap.ts'
import type { NoticeMoment, NoticeResult } from '../domain/notice.ts'
import type { Outcome } from '../domain/outcome.ts'
import type { RefusalReason } from '../domain/received.ts'
import type { ShadowResult } from '../domain/shadow.ts'
import * as instrument from './instruments.ts'
import {
  metricList,
  type CommandResult,
  type JournalReplyKind,
  type ReportResult,
  type StageName,
} from './metricList.ts'

/** What the flow tells about itself. Plain functions: whoever calls them knows no metrics library. */
export type Metrics = {
  readonly countPayments: (count?: number) => void
  readonly countDecision: (outcome: Outcome) => void
  readonly countDeadLetter: (reason: RefusalReason) => void
  readonly countLostPartition: () => void
  readonly countRecoveredAnswer: () => void
  readonly countRepeatedAnswer: () => void
  readonly countReusedId: () => void
  /** @param input a name from the closed set of `degraded` */
  readonly countDegraded: (input: string) => void
  readonly countLate: () => void
  /** @param work of `sheddable` */
  readonly countShed: (work: string, payments: number) => void
  readonly setShedLevel: (level: number) => void
  readonly observeOwnPart: (seconds: number) => void
  readonly observeEndToEnd: (seconds: number) => void
  readonly observeStage: (stage: StageName, seconds: number) => void
  readonly observeBatch: (payments: number) => void
  readonly countJournalReply: (reply: JournalReplyKind) => void
  readonly setRedisUp: (up: boolean) => void
  readonly setAppendsQueued: (records: number) => void
  readonly countAppendsDropped: (count: number) => void
  readonly setCopyBytes: (bytes: number) => void
  readonly countCopyMisses: (count: number) => void
  readonly countSecondTrip: () => void
  readonly countFolds: (count: number) => void
  readonly setLag: (partition: number, records: number) => void
  /** For a partition that was given up: its lag is another instance's to tell. */
  readonly forgetLag: (partition: number) => void
  readonly countCommitFailure: () => void
  readonly countDeviceReports: (result: ReportResult, count?: number) => void
  /** @param format of `documentFormats`, @param result of `documentResults` */
  readonly countDeviceDocument: (format: string, result: string) => void
  readonly countAccountEvents: (result: ReportResult, count?: number) => void
  readonly countFeedback: (result: ReportResult, count?: number) => void
  /** @param source one that has a key, or `other`, @param proof of `feedbackProofs` */
  readonly countFeedbackProof: (source: string, proof: string) => void
  /** @param topic without its prefix */
  readonly setSideLag: (topic: string, seconds: number) => void
  readonly observeModelScore: (seconds: number) => void
  readonly countModelFailure: () => void
  readonly countBundleSwap: (result: SwapResult) => void
  /** @param seconds Unix time */
  readonly setBundleLoadedAt: (seconds: number) => void
  /** By model; the others are forgotten. */
  readonly setOffPin: (values: ReadonlyMap<string, number>) => void
  readonly countModelDecision: (model: string) => void
  readonly countShadowPayments: (result: ShadowResult, count: number) => void
  /** @param pair the outcome decided and the model's, as ALLOW_BLOCK */
  readonly countShadowOpinion: (model: string, pair: string) => void
  readonly observeShadowScore: (seconds: number) => void
  /** By feature of the champion, and `score`; those of a model before are forgotten. */
  readonly setPsi: (values: ReadonlyMap<string, number>) => void
  readonly setUnknownShares: (values: ReadonlyMap<string, number>) => void
  readonly setDriftPayments: (payments: number) => void
  readonly setDrifted: (features: number) => void
  /** @param table the topic that it holds, without its prefix */
  readonly setTableEntries: (table: string, entries: number) => void
  /** @param seconds Unix time */
  readonly setTableNewest: (table: string, seconds: number) => void
  readonly countTableRecords: (table: string, kind: string, count: number) => void
  readonly setUnmatchable: (vulnerabilities: number) => void
  readonly countIntel: (result: IntelResult) => void
  readonly countIntelLoss: (reason: IntelLoss) => void
  readonly setIntelListed: (kind: string, things: number) => void
  readonly setIntelBytes: (bytes: number) => void
  /** @param reason a reason code of the policy */
  readonly countRuleHit: (reason: string) => void
  /** @param kind what stands before the first colon of an exception */
  readonly countException: (kind: string) => void
  readonly setBreakers: (open: ReadonlyMap<string, number>) => void
  readonly setKillSwitch: (parts: ReadonlyMap<string, number>) => void
  readonly countNotice: (code: string, moment: NoticeMoment, result: NoticeResult) => void
  readonly setMeetingsQueued: (meetings: number) => void
  readonly countMeetingsDropped: (count: number) => void
  /** By state; empty in an instance that does not write the case log. */
  readonly setCases: (byState: ReadonlyMap<string, number>) => void
  readonly setCaseHoursLeft: (byState: ReadonlyMap<string, number>) => void
  readonly countCaseCommands: (result: CommandResult, count: number) => void
  readonly countCaseStep: (hours: number) => void
  /** @param type a STIX type */
  readonly countSharedObject: (type: string) => void
  readonly setHeldLabels: (payments: number) => void
}

/** What `/metrics` answers with. */
export type Exposition = { readonly contentType: string; readonly render: () => Promise<string> }

/** Named _total by prom-client though they are gauges; the resources' number by type says the same. */
const misnamedDefaults = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
]

/** All metrics of one instance in a registry of its own, with those of the process beside them. */
export const createMetrics = (): { readonly metrics: Metrics; readonly exposition: Exposition } => {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  for (const name of misnamedDefaults) registry.removeSingleMetric(name)

  const list = metricList
  const lag = instrument.labelledGauge(registry, list.lag)
  const redisUp = instrument.gauge(registry, list.redisUp)
  const countStep = instrument.labelledCounter(registry, list.caseSteps)
  const metrics: Metrics = {
    countPayments: instrument.counter(registry, list.payments),
    countDecision: instrument.labelledCounter(registry, list.decisions),
    countDeadLetter: instrument.labelledCounter(registry, list.deadLetters),
    countLostPartition: instrument.counter(registry, list.lostPartitions),
    countRecoveredAnswer: instrument.counter(registry, list.recoveredAnswers),
    countRepeatedAnswer: instrument.counter(registry, list.repeatedAnswers),
    countReusedId: instrument.counter(registry, list.reusedIds),
    countDegraded: instrument.labelledCounter(registry, list.degraded),
    countLate: instrument.counter(registry, list.late),
    countShed: instrument.labelledCounter(registry, list.shed),
    setShedLevel: instrument.gauge(registry, list.shedLevel),
    observeOwnPart: instrument.histogram(registry, list.ownPart),
    observeEndToEnd: instrument.histogram(registry, list.endToEnd),
    observeStage: instrument.labelledHistogram(registry, list.stage),
    observeBatch: instrument.histogram(registry, list.batch),
    countJournalReply: instrument.labelledCounter(registry, list.journalReplies),
    setRedisUp: (up) => redisUp(up ? 1 : 0),
    setAppendsQueued: instrument.gauge(registry, list.appendsQueued),
    countAppendsDropped: instrument.counter(registry, list.appendsDropped),
    setCopyBytes: instrument.gauge(registry, list.copyBytes),
    countCopyMisses: instrument.counter(registry, list.copyMisses),
    countSecondTrip: instrument.counter(registry, list.secondTrips),
    countFolds: instrument.counter(registry, list.folds),
    setLag: (partition, records) => lag.set(String(partition), records),
    forgetLag: (partition) => lag.forget(String(partition)),
    countCommitFailure: instrument.counter(registry, list.commitFailures),
    countDeviceReports: instrument.labelledCounter(registry, list.deviceReports),
    countDeviceDocument: instrument.pairCounter(registry, list.deviceDocuments),
    countAccountEvents: instrument.labelledCounter(registry, list.accountEvents),
    countFeedback: instrument.labelledCounter(registry, list.feedback),
    countFeedbackProof: instrument.pairCounter(registry, list.feedbackProof),
    setSideLag: instrument.labelledGauge(registry, list.sideLag).set,
    observeModelScore: instrument.histogram(registry, list.modelScore),
    countModelFailure: instrument.counter(registry, list.modelFailures),
    countBundleSwap: instrument.labelledCounter(registry, list.bundleSwaps),
    setBundleLoadedAt: instrument.gauge(registry, list.bundleLoaded),
    setOffPin: instrument.labelledGauge(registry, list.modelOffPin).replace,
    countModelDecision: instrument.labelledCounter(registry, list.modelDecisions),
    countShadowPayments: instrument.labelledCounter(registry, list.shadowPayments),
    countShadowOpinion: instrument.pairCounter(registry, list.shadowOpinions),
    observeShadowScore: instrument.histogram(registry, list.shadowScore),
    setPsi: instrument.labelledGauge(registry, list.modelPsi).replace,
    setUnknownShares: instrument.labelledGauge(registry, list.unknownShare).replace,
    setDriftPayments: instrument.gauge(registry, list.driftPayments),
    setDrifted: instrument.gauge(registry, list.drifted),
    setTableEntries: instrument.labelledGauge(registry, list.tableEntries).set,
    setTableNewest: instrument.labelledGauge(registry, list.tableNewest).set,
    countTableRecords: instrument.pairCounter(registry, list.tableRecords),
    setUnmatchable: instrument.gauge(registry, list.unmatchable),
    countIntel: instrument.labelledCounter(registry, list.intelObjects),
    countIntelLoss: instrument.labelledCounter(registry, list.intelLosses),
    setIntelListed: instrument.labelledGauge(registry, list.intelListed).set,
    setIntelBytes: instrument.gauge(registry, list.intelBytes),
    countRuleHit: instrument.labelledCounter(registry, list.ruleHits),
    countException: instrument.labelledCounter(registry, list.exceptions),
    setBreakers: instrument.labelledGauge(registry, list.breakers).replace,
    setKillSwitch: instrument.labelledGauge(registry, list.killSwitch).replace,
    countNotice: instrument.tripleCounter(registry, list.notices),
    setMeetingsQueued: instrument.gauge(registry, list.meetingsQueued),
    countMeetingsDropped: instrument.counter(registry, list.meetingsDropped),
    setCases: instrument.labelledGauge(registry, list.cases).replace,
    setCaseHoursLeft: instrument.labelledGauge(registry, list.caseHoursLeft).replace,
    countCaseCommands: instrument.labelledCounter(registry, list.caseCommands),
    countCaseStep: (hours) => countStep(String(hours)),
    countSharedObject: instrument.labelledCounter(registry, list.sharedObjects),
    setHeldLabels: instrument.gauge(registry, list.heldLabels),
  }
  return { metrics, exposition: { contentType: registry.contentType, render: () => registry.metrics() } }
}
