import type { Fault } from './plant.ts'

const law = 'test/unit/decision/law.test.ts'
const again = 'test/unit/offline/audit/recordedGuards.test.ts'
const registry = 'test/unit/model/registry.test.ts'
const probation = 'test/unit/model/probation.test.ts'

const lists = 'test/unit/decision/lists'
const limits = ['test/unit/decision/limits.test.ts']
const breaker = ['test/unit/decision/breaker.test.ts', 'test/unit/decision/guards.test.ts']

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
    original: 'model !== null && !shed',
    replacement: '!shed',
    tests: ['test/unit/compose/secondOpinions.test.ts'],
  },
  {
    name: 'audit: records that wait for a row are held without end',
    file: 'src/recent.ts',
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
  {
    name: 'lists: an exception acts for as long as it says',
    file: 'src/decision/lists/findListed.ts',
    original: 'latest < Math.min(until, entry.from + exceptionsMs)',
    replacement: 'latest < until',
    tests: [`${lists}/exceptions.test.ts`],
  },
  {
    name: 'lists: a payment that is dated back is excepted after the end',
    file: 'src/decision/lists/findListed.ts',
    original: 'return entry.from <= effectiveAt && latest <',
    replacement: 'return entry.from <= effectiveAt && effectiveAt <',
    tests: [`${lists}/exceptions.test.ts`],
  },
  {
    name: 'lists: what an entry named before still acts',
    file: 'src/decision/lists/listIndex.ts',
    original: 'if (before !== undefined) unshelve(before)',
    replacement: '',
    tests: [`${lists}/listIndex.test.ts`],
  },
  {
    name: 'lists: an entry of an account with a payee acts for its other payees',
    file: 'src/decision/lists/listIndex.ts',
    original: '`${accountId} ${payeeId}`',
    replacement: '`${accountId} ${payeeId.slice(0, 0)}`',
    tests: [`${lists}/listIndex.test.ts`],
  },
  {
    name: 'limits: as much as is allowed is too much',
    file: 'src/decision/limits.ts',
    original: 'value > boundFor(facts)',
    replacement: 'value >= boundFor(facts)',
    tests: limits,
  },
  {
    name: 'limits: what is not known is within',
    file: 'src/decision/limits.ts',
    original: 'if (Number.isNaN(value)) return UNKNOWN',
    replacement: '',
    tests: limits,
  },
  {
    name: 'limits: one that has expired acts',
    file: 'src/decision/limits.ts',
    original: 'if (facts.effectiveAt >= expiresAt) return',
    replacement: '',
    tests: limits,
  },
  {
    name: 'guards: one account opens a breaker',
    file: 'src/decision/breaker.ts',
    original: 'if (counts.accountsOf(origin) < spec.minAccounts) return',
    replacement: '',
    tests: breaker,
  },
  {
    name: 'guards: what is blocked while a breaker is open becomes usual',
    file: 'src/decision/breaker.ts',
    original: 'open.has(origin) || at <=',
    replacement: 'at <=',
    tests: breaker,
  },
  {
    name: 'guards: a breaker closes at the first calm payment',
    file: 'src/decision/breaker.ts',
    original: 'if (now - state.calmSince < closeAfterMs) return',
    replacement: '',
    tests: breaker,
  },
  {
    name: 'guards: what no model has scored does not say so',
    file: 'src/compose/deciders.ts',
    original: 'lackingModel(enriched.degraded, !Number.isNaN(probability))',
    replacement: 'enriched.degraded',
    tests: ['test/unit/compose/deciders.test.ts'],
  },
  {
    name: 'guards: a step-up is passed with the proof of a payment that was blocked',
    file: 'src/compose/feedbackProof.ts',
    original: "ofStepUps.has(kind) ? ['STEP_UP'] : outcomes",
    replacement: 'kind === null ? [] : outcomes',
    tests: ['test/unit/compose/feedbackProof.test.ts'],
  },
  {
    name: 'guards: what is shared and told of is not asked for a proof',
    file: 'src/compose/aside.kafka.ts',
    original: 'decoderDeps: { ...decoderDeps, ...trust.silent },',
    replacement: 'decoderDeps: { ...decoderDeps, proofProblem: () => null },',
    tests: ['test/integration/forgedFeedback.test.ts'],
  },
]
