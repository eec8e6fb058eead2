import type { Fault } from './plant.ts'

const notices = 'test/unit/compose/notices.test.ts'
const reports = 'test/unit/compose/noticesOfReports.test.ts'
const feedback = 'test/unit/compose/noticesOfFeedback.test.ts'
const payment = 'test/unit/decision/noticesOfPayment.test.ts'
const texts = 'test/unit/decision/noticeTexts.test.ts'
const recent = 'test/unit/features/recentPayers.test.ts'
const limit = 'test/unit/features/noticeLimit.test.ts'
const stores = 'test/integration/features/noticeStores.test.ts'

/** Of telling people: each was seen to be caught. */
export const noticeFaults: readonly Fault[] = [
  {
    name: 'notices: what was claimed before a crash counts as told',
    file: 'src/compose/notices.ts',
    original: "reply === 'first' || reply === 'again'",
    replacement: "reply === 'first'",
    tests: [notices],
  },
  {
    name: 'notices: what was given is not noted',
    file: 'src/compose/notices.ts',
    original: 'if (told.length > 0) await limit.confirm(told.map(({ claim }) => claim))',
    replacement: '',
    tests: [notices],
  },
  {
    name: 'notices: they are noted as given before Kafka has them',
    file: 'src/compose/notices.ts',
    original: 'const told = all.filter(isToBeGiven)\n',
    replacement:
      'const told = all.filter(isToBeGiven)\n      await limit.confirm(told.map(({ claim }) => claim))\n',
    tests: [notices],
  },
  {
    name: 'notices: without Redis also what is not critical goes out',
    file: 'src/compose/notices.ts',
    original: '(each.reply === null && each.claim.isCritical)',
    replacement: 'each.reply === null',
    tests: [notices],
  },
  {
    name: 'notices: the id depends on the time',
    file: 'src/compose/notices.ts',
    original: 'subject, cause]))',
    replacement: 'subject, cause, performance.now()]))',
    tests: [notices],
  },
  {
    name: 'notices: old news alarms',
    file: 'src/compose/notices.ts',
    original: 'if (draft.createdAt < oldest) {',
    replacement: 'if (draft.createdAt < 0) {',
    tests: [notices],
  },
  {
    name: 'notices: a state is told, not a change',
    file: 'src/compose/worsenings.ts',
    original: "else if (earlier?.state !== 'UNHEALTHY' || earlier.expiresAt <= reading.observedAt)",
    replacement: 'else',
    tests: [reports],
  },
  {
    name: 'notices: what is good again is told',
    file: 'src/compose/worsenings.ts',
    original: "if (reading?.state !== 'UNHEALTHY') found.delete(signal)",
    replacement: "if (reading?.state !== 'UNHEALTHY') continue",
    tests: [reports],
  },
  {
    name: 'notices: an update is asked for after it was made',
    file: 'src/compose/patches.ts',
    original: 'const patch = state === null ? null : patchOf(state)',
    replacement: 'const patch = state === null ? null : patchOf(report)',
    tests: [reports],
  },
  {
    name: 'notices: a blocked payment says who paid',
    file: 'src/compose/meetingsOf.ts',
    original: "if (decision.outcome !== 'ALLOW') return []",
    replacement: '',
    tests: [feedback],
  },
  {
    name: 'notices: any label makes a mule',
    file: 'src/compose/noticesOfFeedback.ts',
    original: "feedback.kind === 'FRAUD_CONFIRMED' && feedback.payeeId !== null",
    replacement: 'feedback.payeeId !== null',
    tests: [feedback],
  },
  {
    name: 'notices: a passed step-up says of nobody that he paid',
    file: 'src/compose/noticesOfFeedback.ts',
    original: "new Set(['STEP_UP_PASSED', 'STAND_IN'])",
    replacement: "new Set(['STAND_IN'])",
    tests: [feedback],
  },
  {
    name: 'notices: a blocked payment is said to wait',
    file: 'src/decision/noticesOfPayment.ts',
    original: "const waits = decision.outcome === 'STEP_UP'",
    replacement: "const waits = decision.outcome !== 'ALLOW'",
    tests: [payment],
  },
  {
    name: 'notices: a text names a limit',
    file: 'src/decision/noticeEvents.ts',
    original: "'This payment was stopped to protect your money.'",
    replacement: "'This payment was above your limit.'",
    tests: [texts],
  },
  {
    name: 'notices: whatever a feed calls a version is read to people',
    file: 'src/decision/noticeOfUpdate.ts',
    original: 'versionPattern.test(fixedVersion)',
    replacement: "fixedVersion !== ''",
    tests: [texts],
  },
  {
    name: 'notices: pairs that share a slot hide each other',
    file: 'src/features/recentPairs.ts',
    original: 'tags[slot] === tag && Math.abs',
    replacement: 'Math.abs',
    tests: [recent],
  },
  {
    name: 'notices: what Redis did not take is forgotten',
    file: 'src/features/recentPayersQueue.ts',
    original: 'if (left.length > 0) keep(left)',
    replacement: '',
    tests: [recent],
  },
  {
    name: 'notices: critical ones use up the limit of the others',
    file: 'src/features/noticeLimit.ts',
    original: 'isCritical === claim.isCritical && at > now - dayMs',
    replacement: 'at > now - dayMs',
    tests: [limit],
  },
  {
    name: 'notices: Redis counts another day than the rule',
    file: 'src/features/noticeLimit.redis.ts',
    original: 'told.at > now - plan.dayMs',
    replacement: 'told.at >= now - plan.dayMs',
    tests: [stores],
  },
  {
    name: 'notices: Redis forgets what is noted as given',
    file: 'src/features/noticeLimit.redis.ts',
    original: "' %1 S'",
    replacement: "' %1 P'",
    tests: [stores],
  },
  {
    name: 'notices: who pays often pushes out who paid once',
    file: 'src/features/recentPayers.redis.ts',
    original: 'if account and not seen[account] and',
    replacement: 'if account and',
    tests: [stores],
  },
]
