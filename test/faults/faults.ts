import { handOverFaults } from './handOverFaults.ts'
import { attestationFaults } from './attestationFaults.ts'
import { artifactFaults } from './artifactFaults.ts'
import { deliveryFaults } from './deliveryFaults.ts'
import { historyFaults } from './historyFaults.ts'
import { noticeFaults } from './noticeFaults.ts'
import { policyFaults } from './policyFaults.ts'
import { personalFaults } from './personalFaults.ts'
import { treeFaults } from './treeFaults.ts'
import { vulnerabilityFaults } from './vulnerabilityFaults.ts'
import type { Fault } from './plant.ts'
import { sharingFaults } from './sharingFaults.ts'
import { swapFaults } from './swapFaults.ts'

/** Of windows, of knowing what comes twice, of folds, and of swapping bundles: each was seen to be caught. */
export const faults: readonly Fault[] = [
  ...historyFaults,
  ...artifactFaults,
  ...deliveryFaults,
  ...policyFaults,
  ...attestationFaults,
  ...personalFaults,
  ...treeFaults,
  ...vulnerabilityFaults,
  {
    name: 'the window of drift keeps a slice too many',
    file: 'src/model/driftCounts.ts',
    original: 'stretch <= newest - slices',
    replacement: 'stretch < newest - slices',
    tests: ['test/unit/model/drift.test.ts'],
  },
  {
    name: 'a slice of drift begins with what it held before',
    file: 'src/model/driftCounts.ts',
    original: 'counts.fill(0, slice * width, (slice + 1) * width)',
    replacement: '',
    tests: ['test/unit/model/drift.test.ts'],
  },
  {
    name: 'PSI of a handful of payments',
    file: 'src/model/drift.ts',
    original: 'known >= leastCount && ',
    replacement: '',
    tests: ['test/unit/model/drift.test.ts'],
  },
  {
    name: 'a shadow that hangs is asked again and again',
    file: 'src/compose/secondOpinions.ts',
    original: 'if (hangs())',
    replacement: 'if (payments.length < 0)',
    tests: ['test/unit/compose/secondOpinions.test.ts'],
  },
  {
    name: 'a model in shadow is asked of what its decision says it is left out of',
    file: 'src/compose/secondOpinions.ts',
    original: 'others.filter(isToBeAsked)',
    replacement: 'others',
    tests: ['test/unit/compose/secondOpinions.test.ts'],
  },
  {
    name: 'what was left out under overload counts as drift',
    file: 'src/compose/driftWatch.ts',
    original: "if (shed.includes('optional_features')) continue",
    replacement: 'if (shed.length < 0) continue',
    tests: ['test/unit/compose/drift.test.ts'],
  },
  {
    name: 'records without a time order that work be left out',
    file: 'src/compose/shedding.ts',
    original: 'recordTime(source, () => now))',
    replacement: 'source.timestamp)',
    tests: ['test/golden/overload.test.ts'],
  },
  {
    name: 'a late decision does not say that it goes without reasons',
    file: 'src/decision/shed.ts',
    original: '(noReasons || late)',
    replacement: 'noReasons',
    tests: ['test/unit/decision/shed.test.ts'],
  },
  {
    name: 'what waited too long for models in shadow does not say that they were not asked',
    file: 'src/compose/shedding.ts',
    original: '() => monotonic() - shadowBudgetMs',
    replacement: '() => -Infinity',
    tests: ['test/golden/overload.test.ts'],
  },
  {
    name: 'a canary takes those whom it should leave',
    file: 'src/compose/deciders.ts',
    original: 'takes(payment.accountId))',
    replacement: '!takes(payment.accountId))',
    tests: ['test/golden/challengers.test.ts'],
  },
  {
    name: 'what a canary decided is explained by the champion',
    file: 'src/compose/deciders.ts',
    original: 'chosen.filter(({ model }) => model === scorer.model)',
    replacement: 'scorer === champion ? chosen : []',
    tests: ['test/golden/challengers.test.ts'],
  },
  {
    name: 'other accounts are in when a share grows',
    file: 'src/model/canary.ts',
    original: 'canary ${model} ${accountId}',
    replacement: 'canary ${share} ${accountId}',
    tests: ['test/unit/model/canary.test.ts'],
  },
  {
    name: 'a report counts agreement by the wrong side',
    file: 'src/offline/promotion/comparison.ts',
    original: 'into.baseOutcomes.push(place(ours.outcome))',
    replacement: 'into.baseOutcomes.push(place(theirs.outcome))',
    tests: ['test/unit/offline/promotion/promotion.test.ts'],
  },
  ...swapFaults,
  ...handOverFaults,
  ...noticeFaults,
  ...sharingFaults,
  {
    name: 'a run of frauds holds one from before the genuine payment that ends it',
    file: 'src/features/fraudRun.ts',
    original: 'frauds.filter(({ at }) => at > other)',
    replacement: 'frauds.filter(({ at }) => at >= start)',
    tests: ['test/unit/features/plan.test.ts', 'test/unit/features/noteReading.test.ts'],
  },
  {
    name: 'the median of an even number of amounts is the higher of the two',
    file: 'src/features/amountLists.ts',
    original: 'all[(all.length - 1) >> 1]',
    replacement: 'all[all.length >> 1]',
    tests: ['test/unit/features/plan.test.ts'],
  },
  {
    name: 'a dataset knows what became known later',
    file: 'src/offline/dataset/knownLabels.ts',
    original: ' || knownAt > asOf) return',
    replacement: ') return',
    tests: ['test/unit/offline/dataset/knownLabels.test.ts'],
  },
]
