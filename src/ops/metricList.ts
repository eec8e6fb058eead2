import { swapResults } from '../domain/bundleSwap.ts'
import { intelLosses, intelResults } from '../domain/intelligence.ts'
import { outcomes } from '../domain/outcome.ts'
import { refusalReasons } from '../domain/received.ts'
import { sheddable } from '../domain/shedding.ts'
import { shadowResults } from '../domain/shadow.ts'

/** The stages of one micro-batch, and what follows it. */
export const stageNames = [
  'wait',
  'decode',
  'recall',
  'features',
  'score',
  'decide',
  'explain',
  'journal',
  'publish',
  'conclude',
  'commit',
] as const
export type StageName = (typeof stageNames)[number]

/** What the journal said of a proposed answer. */
export const journalReplies = ['first', 'repeated', 'reused', 'unknown'] as const
export type JournalReplyKind = (typeof journalReplies)[number]

export const commandResults = ['applied', 'repeated', 'refused'] as const
export type CommandResult = (typeof commandResults)[number]

/** STIX types that are published. */
const sharedTypes = [
  'identity',
  'extension-definition',
  'attack-pattern',
  'indicator',
  'relationship',
  'sighting',
] as const

export const reportResults = ['applied', 'refused'] as const
export type ReportResult = (typeof reportResults)[number]

/** Seconds. prom-client's own buckets begin at 5 ms, where nearly all of ours end. */
const fineBuckets = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1,
] as const

/** Seconds. Close together around 10 and 25 ms, where the own part's p99 and p99.9 must lie below. */
const ownPartBuckets = [
  0.00025, 0.0005, 0.001, 0.0015, 0.002, 0.0025, 0.003, 0.004, 0.005, 0.006, 0.008, 0.01, 0.0125, 0.015, 0.02,
  0.025, 0.03, 0.04, 0.05, 0.075, 0.1, 0.25, 0.5, 1, 2.5, 5,
] as const

export type MetricDefinition = {
  readonly name: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly help: string
  readonly label?: string
  /** A second label, and a third; the values of all are then not known beforehand. */
  readonly secondLabel?: string
  readonly thirdLabel?: string
  /** The label's values where they are known beforehand: they are exported as 0 from the start. */
  readonly values?: readonly string[]
  readonly buckets?: readonly number[]
}

/** Every metric of our own, in the order of the README's table. */
export const metricList = {
  payments: {
    name: 'sluice_payments_received_total',
    type: 'counter',
    help: 'Records consumed from the topic of payments',
  },
  decisions: {
    name: 'sluice_decisions_total',
    type: 'counter',
    label: 'outcome',
    values: outcomes,
    help: 'Decisions published, by outcome',
  },
  deadLetters: {
    name: 'sluice_dead_letters_total',
    type: 'counter',
    label: 'reason',
    values: refusalReasons,
    help: 'Records refused and sent to the dead letters, by reason',
  },
  lostPartitions: {
    name: 'sluice_lost_partitions_total',
    type: 'counter',
    help: 'Times that a partition was given up in exactly-once delivery, as its transaction failed or was in doubt',
  },
  recoveredAnswers: {
    name: 'sluice_recovered_answers_total',
    type: 'counter',
    help: 'Payments whose answer already stood in decisions when they came again after a crash or a rebalance',
  },
  repeatedAnswers: {
    name: 'sluice_repeated_answers_total',
    type: 'counter',
    help: 'Payments that were sent again and got their earlier answer again',
  },
  reusedIds: {
    name: 'sluice_reused_payment_ids_total',
    type: 'counter',
    help: 'Payments that came under the id and attempt of another payment',
  },
  degraded: {
    name: 'sluice_degraded_decisions_total',
    type: 'counter',
    label: 'input',
    help: 'Decisions made without an input, by input',
  },
  late: {
    name: 'sluice_late_decisions_total',
    type: 'counter',
    help: 'Decisions made after their deadline',
  },
  shed: {
    name: 'sluice_shed_total',
    type: 'counter',
    label: 'work',
    values: sheddable,
    help: 'Payments that work was left out of because they had waited, by work',
  },
  shedLevel: {
    name: 'sluice_shed_level',
    type: 'gauge',
    help: 'Kinds of work left out now: 1 challengers, 2 reasons too, 3 optional features too; 0: none',
  },
  ownPart: {
    name: 'sluice_own_part_seconds',
    type: 'histogram',
    buckets: ownPartBuckets,
    help: "Time from a payment's arrival in the consumer to its hand-over to the producer",
  },
  endToEnd: {
    name: 'sluice_end_to_end_seconds',
    type: 'histogram',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    help: "Time from a payment's Kafka timestamp to the acknowledgement of its decision",
  },
  stage: {
    name: 'sluice_stage_seconds',
    type: 'histogram',
    label: 'stage',
    values: stageNames,
    buckets: fineBuckets,
    help: 'Time that a micro-batch spent in a stage, by stage',
  },
  batch: {
    name: 'sluice_batch_payments',
    type: 'histogram',
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024],
    help: 'Records in a micro-batch',
  },
  journalReplies: {
    name: 'sluice_journal_replies_total',
    type: 'counter',
    label: 'reply',
    values: journalReplies,
    help: 'What the journal said of a proposed answer, by reply',
  },
  redisUp: {
    name: 'sluice_redis_up',
    type: 'gauge',
    help: '1 while Redis answers, 0 while it (or one master of the cluster) does not',
  },
  appendsQueued: {
    name: 'sluice_missed_appends_queued',
    type: 'gauge',
    help: 'Appends to histories that wait for Redis to return',
  },
  appendsDropped: {
    name: 'sluice_missed_appends_dropped_total',
    type: 'counter',
    help: 'Appends to histories that were given up because too many waited',
  },
  copyBytes: {
    name: 'sluice_history_copies_bytes',
    type: 'gauge',
    help: 'Memory held by copies of histories',
  },
  copyMisses: {
    name: 'sluice_history_copy_misses_total',
    type: 'counter',
    help: 'Histories that had to be read, in whole or in part',
  },
  secondTrips: {
    name: 'sluice_history_second_round_trips_total',
    type: 'counter',
    help: 'Micro-batches that needed a second round trip to Redis',
  },
  folds: {
    name: 'sluice_history_folds_total',
    type: 'counter',
    help: 'Long histories whose older part was folded',
  },
  lag: {
    name: 'sluice_consumer_lag_records',
    type: 'gauge',
    label: 'partition',
    help: 'Records of the topic of payments that are not decided yet, by assigned partition',
  },
  commitFailures: {
    name: 'sluice_commit_failures_total',
    type: 'counter',
    help: 'Offset commits that failed',
  },
  deviceReports: {
    name: 'sluice_device_reports_total',
    type: 'counter',
    label: 'result',
    values: reportResults,
    help: 'Device health reports, by what became of them',
  },
  deviceDocuments: {
    name: 'sluice_device_documents_total',
    type: 'counter',
    label: 'format',
    secondLabel: 'result',
    help: 'Documents in device health reports, by format and what they proved',
  },
  accountEvents: {
    name: 'sluice_account_events_total',
    type: 'counter',
    label: 'result',
    values: reportResults,
    help: 'Account events, by what became of them',
  },
  feedback: {
    name: 'sluice_feedback_total',
    type: 'counter',
    label: 'result',
    values: reportResults,
    help: 'Feedback on payments, by what became of it',
  },
  feedbackProof: {
    name: 'sluice_feedback_proof_total',
    type: 'counter',
    label: 'source',
    secondLabel: 'proof',
    help: 'Feedback, by source (those with a key, or other) and what proved it: mac, signature, not_asked, none',
  },
  sideLag: {
    name: 'sluice_side_topic_lag_seconds',
    type: 'gauge',
    label: 'topic',
    help: 'Time by which what the group has taken over is behind the end of a side topic; +Inf: not known',
  },
  modelScore: {
    name: 'sluice_model_score_seconds',
    type: 'histogram',
    buckets: fineBuckets,
    help: 'Time of one call of the model',
  },
  modelFailures: {
    name: 'sluice_model_failures_total',
    type: 'counter',
    help: 'Calls of the model that failed; what they were to score has no probability',
  },
  bundleSwaps: {
    name: 'sluice_bundle_swaps_total',
    type: 'counter',
    label: 'result',
    values: swapResults,
    help: 'Bundles of models and policy that the models folder offered, by what became of them',
  },
  bundleLoaded: {
    name: 'sluice_bundle_loaded_timestamp_seconds',
    type: 'gauge',
    help: 'Time since which the bundle in use decides, as Unix time; `/version` has its hash',
  },
  modelOffPin: {
    name: 'sluice_model_off_pin',
    type: 'gauge',
    label: 'model',
    help: '1 where a model of the bundle in use scores on another engine than the one it is pinned to, else 0',
  },
  modelDecisions: {
    name: 'sluice_model_decisions_total',
    type: 'counter',
    label: 'model',
    help: 'Decisions published, by the model that decided: the champion or a canary',
  },
  shadowPayments: {
    name: 'sluice_shadow_payments_total',
    type: 'counter',
    label: 'result',
    values: shadowResults,
    help: 'Payments that a model in shadow was to score, by what became of it',
  },
  shadowOpinions: {
    name: 'sluice_shadow_opinions_total',
    type: 'counter',
    label: 'model',
    secondLabel: 'pair',
    help: 'Payments scored in shadow, by model and by the outcome decided and the outcome it would have given',
  },
  shadowScore: {
    name: 'sluice_shadow_score_seconds',
    type: 'histogram',
    buckets: fineBuckets,
    help: 'Time until a model in shadow had scored a micro-batch',
  },
  modelPsi: {
    name: 'sluice_model_psi',
    type: 'gauge',
    label: 'feature',
    help: 'Population stability index of a feature of the champion, or of its `score`, against its training; NaN: too few payments',
  },
  unknownShare: {
    name: 'sluice_model_unknown_share',
    type: 'gauge',
    label: 'feature',
    help: 'Share of the payments in the window for which a feature of the champion, or its `score`, is not known',
  },
  driftPayments: {
    name: 'sluice_model_drift_payments',
    type: 'gauge',
    help: 'Payments in the window over which drift is measured',
  },
  drifted: {
    name: 'sluice_model_drifted_features',
    type: 'gauge',
    help: 'Features, and the score, that moved beyond the limit; `/health` names them',
  },
  tableEntries: {
    name: 'sluice_table_entries',
    type: 'gauge',
    label: 'table',
    help: 'Entries of a compacted topic that this instance holds in memory',
  },
  tableNewest: {
    name: 'sluice_table_newest_timestamp_seconds',
    type: 'gauge',
    label: 'table',
    help: 'Unix time of the newest record that a table has taken over',
  },
  tableRecords: {
    name: 'sluice_table_records_total',
    type: 'counter',
    label: 'table',
    secondLabel: 'kind',
    help: 'Records read from the topic of a table, by what they were: applied, deleted, refused',
  },
  unmatchable: {
    name: 'sluice_vulnerabilities_unmatchable',
    type: 'gauge',
    help: 'Vulnerabilities without a range on a known platform: they match no device',
  },
  intelObjects: {
    name: 'sluice_intel_objects_total',
    type: 'counter',
    label: 'result',
    values: intelResults,
    help: 'Objects of threat intelligence, by what became of them',
  },
  intelLosses: {
    name: 'sluice_intel_not_compiled_total',
    type: 'counter',
    label: 'reason',
    values: intelLosses,
    help: 'Patterns of indicators, or parts of them, that are not compiled, by reason',
  },
  intelListed: {
    name: 'sluice_intel_listed',
    type: 'gauge',
    label: 'kind',
    help: 'Things that indicators list, by kind',
  },
  intelBytes: {
    name: 'sluice_intel_bytes',
    type: 'gauge',
    help: 'Memory that the indicators take',
  },
  ruleHits: {
    name: 'sluice_rule_hits_total',
    type: 'counter',
    label: 'reason',
    help: 'Rules of the policy that applied, by reason code',
  },
  exceptions: {
    name: 'sluice_exceptions_total',
    type: 'counter',
    label: 'kind',
    values: ['allow_list', 'breaker', 'control_group', 'kill_switch'],
    help: "Decisions that something made softer than the policy's judgement, by kind; with the model off, also those that may be",
  },
  breakers: {
    name: 'sluice_breaker_open',
    type: 'gauge',
    label: 'origin',
    help: '1 for each rule or model version whose BLOCK counts as STEP_UP in this instance, as it blocks far more than usual',
  },
  killSwitch: {
    name: 'sluice_kill_switch',
    type: 'gauge',
    label: 'part',
    help: 'What the kill switch in force orders, 0 where it does not: `model_off`, `at_most` and `at_least` 1, `rules_off` the number of rules',
  },
  notices: {
    name: 'sluice_notices_total',
    type: 'counter',
    label: 'code',
    secondLabel: 'moment',
    thirdLabel: 'result',
    help: 'Notices to people, by code, moment and what became of them: published, duplicate, limited, held, stale',
  },
  meetingsQueued: {
    name: 'sluice_recent_accounts_queued',
    type: 'gauge',
    help: 'Accounts that paid a payee or used a device, and wait for Redis to be remembered',
  },
  meetingsDropped: {
    name: 'sluice_recent_accounts_dropped_total',
    type: 'counter',
    help: 'Accounts that were not remembered as too many waited: they are not told to recall',
  },
  cases: {
    name: 'sluice_cases',
    type: 'gauge',
    label: 'state',
    help: 'Cases by state; told by the instance that writes the case log',
  },
  caseHoursLeft: {
    name: 'sluice_case_hours_left',
    type: 'gauge',
    label: 'state',
    help: 'Least time until a report is due, in hours, by state of the case; negative: overdue; absent: none is owed',
  },
  caseCommands: {
    name: 'sluice_case_commands_total',
    type: 'counter',
    label: 'result',
    values: commandResults,
    help: 'Commands to the case log, by what became of them',
  },
  caseSteps: {
    name: 'sluice_case_warnings_total',
    type: 'counter',
    label: 'hours',
    values: ['24', '36', '44', '48'],
    help: 'Warnings of the reporting clock by hours since it was learned of; at 48 the duty is breached',
  },
  sharedObjects: {
    name: 'sluice_intel_objects_shared_total',
    type: 'counter',
    label: 'type',
    values: sharedTypes,
    help: 'Versions of STIX objects published on `intel-out`, by type',
  },
  heldLabels: {
    name: 'sluice_intel_labels_held',
    type: 'gauge',
    help: 'Payments whose label is kept back by an embargo or the delay; told by the instance that shares',
  },
} as const satisfies Readonly<Record<string, MetricDefinition>>
