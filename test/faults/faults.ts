import type { Fault } from './plant.ts'

const plan = 'test/unit/features/plan.test.ts'
const history = 'test/unit/features/history.test.ts'
const condense = 'test/unit/features/condense.test.ts'
const fold = 'test/unit/features/fold.test.ts'
const stories = 'test/unit/features/stores/stories.test.ts'
const storiesInRedis = 'test/integration/features/stories.test.ts'

/** Of windows, of knowing what comes twice, and of folds: each was seen to be caught. */
export const faults: readonly Fault[] = [
  {
    name: 'a window does not hold what stands at its end',
    file: 'src/features/walk.ts',
    original: 'if (recordAt > end || recordAt <= start) continue',
    replacement: 'if (recordAt >= end || recordAt <= start) continue',
    tests: [plan],
  },
  {
    name: 'a shorter window holds what stands at its beginning',
    file: 'src/features/walk.ts',
    original: 'while (recordAt <= (starts[window] ?? -Infinity)) window++',
    replacement: 'while (recordAt < (starts[window] ?? -Infinity)) window++',
    tests: [plan],
  },
  {
    name: 'a walk stops at the first record that is too old',
    file: 'src/features/walk.ts',
    original: 'if ((doubles[newest + index] ?? 0) <= start) return',
    replacement: 'if ((doubles[times + index] ?? 0) <= start) return',
    tests: [plan],
  },
  {
    name: 'a delay is ignored',
    file: 'src/features/group.ts',
    original: 'received.effectiveAt - group.delayMs - (group.windowsMs[window] ?? 0)',
    replacement: 'received.effectiveAt - (group.windowsMs[window] ?? 0)',
    tests: [plan],
  },
  {
    name: 'a payment sees what came after it',
    file: 'src/features/walk.ts',
    original: '(history.words[positions + upTo - 1] ?? 0) >= before) upTo--',
    replacement: '(history.words[positions + upTo - 1] ?? 0) > before) upTo--',
    tests: [plan],
  },
  {
    name: 'coverage is ignored',
    file: 'src/features/velocity.ts',
    original: 'if (start < coveredSince && !reading.certain(coveredSince, recalled, view)) return historyBit',
    replacement: 'if (start < 0 && !reading.certain(coveredSince, recalled, view)) return historyBit',
    tests: [plan],
  },
  {
    name: 'other content makes no other payment',
    file: 'src/features/identity.ts',
    original: ': held === tryOf(sought.attempt, sought.content)',
    replacement: ': held >>> 16 === sought.attempt',
    tests: [history, plan],
  },
  {
    name: 'another attempt is the same payment',
    file: 'src/features/identity.ts',
    original: ': held === tryOf(sought.attempt, sought.content)',
    replacement: ': (held & 65_535) === sought.content',
    tests: [plan],
  },
  {
    name: 'an outcome that comes before its payment is lost',
    file: 'src/features/paymentReader.ts',
    original: 'if (log.waiting !== null) tellWaiting(log, log.waiting, idLow)',
    replacement: 'if (log.waiting === undefined) tellWaiting(log, log.waiting, idLow)',
    tests: [history],
  },
  {
    name: 'a label that is told twice is another one',
    file: 'src/features/notes.ts',
    original: 'if (label.kind === told.kind && label.knownAt === told.knownAt) return true',
    replacement: 'if (label.kind !== told.kind && label.knownAt === told.knownAt) return true',
    tests: ['test/unit/features/notes.test.ts', plan],
  },
  {
    name: 'the highest folded offset counts as not folded',
    file: 'src/features/readLog.ts',
    original: 'view.getUint16(at + 14, true) * 2 ** 32 <= highest',
    replacement: 'view.getUint16(at + 14, true) * 2 ** 32 < highest',
    tests: [fold, stories],
  },
  {
    name: 'offsets of what is folded are forgotten',
    file: 'src/features/fold.ts',
    original: 'const offsets = new Map(before?.offsets)',
    replacement: 'const offsets = new Map<number, number>()',
    tests: [fold, stories],
  },
  {
    name: 'what a fold kept is taken for what was delivered again',
    file: 'src/features/readLog.ts',
    original: ' || position < folded.keptUntil',
    replacement: '',
    tests: [fold, stories],
  },
  {
    name: 'a topic that was made anew is taken for what was delivered again',
    file: 'src/features/readLog.ts',
    original: 'time > folded.until || ',
    replacement: '',
    tests: [fold],
  },
  {
    name: 'buckets take three times their share',
    file: 'src/features/condense.ts',
    original: 'if (count > share * newer.count) return false',
    replacement: 'if (count > 3 * share * newer.count) return false',
    tests: [condense],
  },
  {
    name: 'sums of buckets are not weighed',
    file: 'src/features/condense.ts',
    original: 'sum <= share * newer.sum && squares',
    replacement: 'sum <= Infinity && squares',
    tests: [condense],
  },
  {
    name: 'what is older counts as newer',
    file: 'src/features/condense.ts',
    original: 'bucket !== undefined && bucket.from > to;',
    replacement: 'bucket !== undefined;',
    tests: [condense],
  },
  {
    name: 'buckets that lie over one another are weighed alone',
    file: 'src/features/condense.ts',
    original: 'isLight(cutWith(both, done, ordered, index), newer, share)',
    replacement: 'isLight(weightOf(both), newer, share)',
    tests: [condense],
  },
  {
    name: 'a blocked payment goes into the bucket of allowed ones',
    file: 'src/features/fold.ts',
    original: 'const of = isBlocked ? paymentClasses.blocked : isAllowed',
    replacement: 'const of = isBlocked ? paymentClasses.allowed : isAllowed',
    tests: [fold, stories],
  },
  {
    name: 'a fold does not wait for outcomes that are under way',
    file: 'src/features/fold.ts',
    original: 'return open < 0 ? split :',
    replacement: 'return open < Infinity ? split :',
    tests: [fold, stories],
  },
  {
    name: 'a fold forgets whom the entity was met with before',
    file: 'src/features/meetings.ts',
    original: 'for (const seen of before?.lastSeen ?? [])',
    replacement: 'for (const seen of [] as readonly LastSeen[])',
    tests: [fold, stories],
  },
  {
    name: 'a pair that was forgotten and met again counts as new',
    file: 'src/features/foldedWalk.ts',
    original: 'addForgotten(group, forgottenUntil[partner] ?? -Infinity, end)',
    replacement: 'if (met === undefined) addForgotten(group, forgottenUntil[partner] ?? -Infinity, end)',
    tests: [fold, stories],
  },
  {
    name: 'a fold keeps one payment too few',
    file: 'src/features/fold.ts',
    original: 'const split = Math.max(0, payments.length - keep)',
    replacement: 'const split = Math.max(0, payments.length - keep + 1)',
    tests: [fold, stories],
  },
  {
    name: 'what is appended while a log is folded is lost',
    file: 'src/features/folding.redis.ts',
    original: "ARGV[5] .. call('GETRANGE', key, length, -1), 'KEEPTTL'",
    replacement: "ARGV[5], 'KEEPTTL'",
    tests: ['test/integration/features/folding.test.ts'],
  },
  {
    name: 'a copy is not compared by the number of folds',
    file: 'src/features/logs.redis.ts',
    original: 'if same and folds[i] > 0 and foldsOf(key) ~= folds[i] then',
    replacement: 'if same and folds[i] > 0 and foldsOf(key) == 0 then',
    tests: ['test/integration/features/folding.test.ts', storiesInRedis],
  },
  {
    name: 'a shard that was lost counts as covered',
    file: 'src/features/logs.redis.ts',
    original: 'value = now\n',
    replacement: "value = '0'\n",
    tests: ['test/integration/clusterLoss.test.ts'],
  },
]
