import type { Fault } from './plant.ts'

const calibrated = 'test/unit/offline/importing/calibrated.test.ts'
const dataset = 'test/unit/commands/dataset.test.ts'
const restarting = 'test/unit/model/restarting.test.ts'
const otherBackends = 'test/unit/model/otherBackends.test.ts'

/** Of what models of others, engines and audit records are taken for: each was seen to be caught. */
export const handOverFaults: readonly Fault[] = [
  {
    name: 'hand-over: a calibration is measured on what it was fitted to',
    file: 'src/offline/importing/learnt.ts',
    original: '...measured(calibration, later)',
    replacement: '...measured(calibration, { logits, labels })',
    tests: [calibrated],
  },
  {
    name: 'hand-over: golden vectors stay those of the library under a calibration',
    file: 'src/offline/importing/calibrated.ts',
    original: 'probability: probabilities[at]!',
    replacement: 'probability: golden[at]!.probability',
    tests: [calibrated],
  },
  {
    name: 'hand-over: a calibration may fall',
    file: 'src/offline/importing/calibrated.ts',
    original: 'if (platt.a > 0) return platt',
    replacement: 'if (platt.a !== 0) return platt',
    tests: [calibrated],
  },
  {
    name: 'hand-over: the clock is watched for drift',
    file: 'src/offline/training/driftBaseline.ts',
    original: '!clockFeatures.has(name)',
    replacement: 'name !== null',
    tests: ['test/unit/offline/importing/addBaseline.test.ts'],
  },
  {
    name: 'hand-over: a baseline takes the scores of what was learnt from',
    file: 'src/offline/importing/addBaseline.file.ts',
    original: 'heldOutFile === null ? rows',
    replacement: 'heldOutFile !== null ? rows',
    tests: ['test/unit/offline/importing/addBaseline.test.ts'],
  },
  {
    name: 'hand-over: a payment that was delivered again is two in the dataset',
    file: 'src/offline/dataset/auditRecords.ts',
    original: 'else if (taken.has(payment.paymentId)) leftOut.laterAttempts++',
    replacement: 'else if (taken.has(`${payment.paymentId} `)) leftOut.laterAttempts++',
    tests: [dataset],
  },
  {
    name: 'hand-over: an audit record without a row hides the one with it',
    file: 'src/offline/audit/once.ts',
    original: 'const hasRow = audit.features.length > 0',
    replacement: 'const hasRow = audit.features.length >= 0',
    tests: [dataset, 'test/unit/offline/audit/once.test.ts'],
  },
  {
    name: 'hand-over: a reused id is a row of the dataset',
    file: 'src/offline/dataset/auditRecords.ts',
    original: "code === 'PAYMENT_ID_REUSED'",
    replacement: "code === 'UNUSUAL_AMOUNT'",
    tests: [dataset],
  },
  {
    name: 'hand-over: another engine is taken where the model itself is wrong',
    file: 'src/model/otherBackends.ts',
    original: "strictness === 'as pinned' ? ['BACKEND_UNAVAILABLE']",
    replacement: "strictness === 'as pinned' ? ['BACKEND_UNAVAILABLE', 'MODEL_UNVERIFIED']",
    tests: [otherBackends],
  },
  {
    name: 'hand-over: nobody is told of another engine',
    file: 'src/model/openScorer.ts',
    original: 'if (!isAsPinned(scorer.engine, model.pin))',
    replacement: 'if (isAsPinned(scorer.engine, model.pin))',
    tests: [otherBackends],
  },
  {
    name: 'hand-over: a thread that ended stays ended',
    file: 'src/model/restarting.ts',
    original: 'if (!current.isGone()) throw error',
    replacement: 'if (current.model !== null) throw error',
    tests: [restarting],
  },
  {
    name: 'hand-over: a thread that comes too late is kept',
    file: 'src/model/restarting.ts',
    original: 'if (isDisposed) return next.dispose()',
    replacement: 'if (isDisposed) return',
    tests: [restarting],
  },
  {
    name: 'hand-over: what was not taken is not offered again',
    file: 'src/model/watch.ts',
    original: '!isSettled() && waitedMs > untilAgainMs',
    replacement: '!isSettled() && waitedMs < 0',
    tests: ['test/unit/model/fingerprint.test.ts'],
  },
  {
    name: 'hand-over: a function of a SavedModel may call itself',
    file: 'src/model/allowed.ts',
    original: 'if (circle !== null)',
    replacement: 'if (circle?.length === 0)',
    tests: ['test/unit/model/allowed.test.ts'],
  },
  {
    name: 'hand-over: golden vectors are asked alone only',
    file: 'src/model/golden.ts',
    original: 'of [together[within]!, alone[0]!]',
    replacement: 'of [alone[0]!]',
    tests: ['test/unit/model/golden.test.ts'],
  },
  {
    name: 'hand-over: a steep slope leaves the doubles',
    file: 'src/model/calibrate.ts',
    original: 'return Math.min(mostLogOdds, Math.max(-mostLogOdds, logOdds(x)))',
    replacement: 'return logOdds(x)',
    tests: ['test/unit/model/calibrate.test.ts'],
  },
  {
    name: 'hand-over: a payment at the threshold is not stopped',
    file: 'src/offline/metrics/moneySaved.ts',
    original: 'score >= threshold',
    replacement: 'score > threshold',
    tests: ['test/unit/offline/metrics/moneySaved.test.ts'],
  },
  {
    name: 'hand-over: the page tells agreement of another outcome',
    file: 'src/offline/promotion/promotionPage.ts',
    original: '...(rows[at] ?? [])',
    replacement: '...(rows[0] ?? [])',
    tests: ['test/unit/offline/promotion/promotion.test.ts'],
  },
]
