import type { Fault } from './plant.ts'

const law = 'test/unit/decision/law.test.ts'
const again = 'test/unit/offline/audit/recordedGuards.test.ts'
const registry = 'test/unit/model/registry.test.ts'
const probation = 'test/unit/model/probation.test.ts'

/** Of what softens a decision, of deciding again, and of going back to a trusted bundle: each was seen to be caught. */
export const policyFaults: readonly Fault[] = [
  {
    name: 'policy: a passed step-up releases what blocks',
    file: 'src/decision/confirmed.ts',
    original: "if (ground.outcome !== 'STEP_UP') return ground",
    replacement: "if (ground.outcome === 'ALLOW') return ground",
    tests: [law],
  },
  {
    name: 'policy: the control group lets through what a final rule stops',
    file: 'src/decision/controlGroup.ts',
    original: '(!isFinal && ',
    replacement: '(',
    tests: [law],
  },
  {
    name: 'policy: the last part counts, not the strictest',
    file: 'src/decision/strictest.ts',
    original: 'outcome = stricter(outcome, ground.outcome)',
    replacement: 'outcome = ground.outcome',
    tests: [law],
  },
  {
    name: 'policy: an exception is named only where it alone changed the outcome',
    file: 'src/decision/assess.ts',
    original: '!isAtLeast(outcome, overrules)',
    replacement: 'false',
    tests: ['test/unit/decision/guards.test.ts'],
  },
  {
    name: 'second opinions: models in shadow are asked while a kill switch has the model off',
    file: 'src/compose/secondOpinions.ts',
    original: ' && each.model !== null',
    replacement: '',
    tests: ['test/unit/compose/secondOpinions.test.ts'],
  },
  {
    name: 'audit: records that wait for a row are held without end',
    file: 'src/offline/audit/recent.ts',
    original: 'if (newer.size >= most) {',
    replacement: 'if (newer.size < 0) {',
    tests: ['test/unit/offline/audit/once.test.ts'],
  },
  {
    name: 'audit: what a breaker held back is decided again without it',
    file: 'src/offline/audit/recordedGuards.ts',
    original: 'current.exceptions.includes(`breaker:${origin}`)',
    replacement: 'current.exceptions.includes(origin)',
    tests: [again],
  },
  {
    name: 'audit: a model that was switched off is asked again',
    file: 'src/compose/guardDeciding.ts',
    original: 'withProbability(each, NaN, null)',
    replacement: "withProbability(each, NaN, 'a-model/1')",
    tests: ['test/unit/compose/guardDeciding.test.ts'],
  },
  {
    name: 'swap: a second bad bundle takes the place to go back to',
    file: 'src/model/registry.ts',
    original: 'isOnProbation() && previous',
    replacement: 'false && previous',
    tests: [registry],
  },
  {
    name: 'swap: a second bad bundle is compared with the first',
    file: 'src/model/trial.ts',
    original: '(before ?? log.since(now - probationMs))',
    replacement: 'log.since(now - probationMs)',
    tests: [probation],
  },
  {
    name: 'swap: going back is on probation',
    file: 'src/model/trial.ts',
    original: 'bundleHash === trusted',
    replacement: "bundleHash === ''",
    tests: [probation],
  },
]
