import type { Example } from '../../../src/offline/training/dataset.ts'
import type { TrainingSpec } from '../../../src/offline/training/spec.ts'
import { createRng } from '../../../src/offline/simulator/rng.ts'

export const featureNames = ['payment.amount', 'account.count.1h', 'device.is_new', 'payee.mean.7d'] as const

export const spec: TrainingSpec = {
  id: 'made-up',
  version: '1',
  features: featureNames,
  hidden: [16, 8],
  ramps: 0,
  members: 1,
  take: 'best',
  refit: false,
  calibration: 'platt',
  seed: 7,
  epochs: 6,
  patience: 6,
  batchRows: 256,
  learningRate: 0.01,
  weightDecay: 0.0001,
  fraudWeight: 2,
  focalGamma: 0,
  warmUpDays: 0,
  validationShare: 0.25,
  gapDays: 0,
  thresholdShares: [0.003, 0.01],
  thresholds: [],
  grid: {},
  reasonGroups: {
    UNUSUAL_AMOUNT: ['payment.amount', 'payee.mean.7d'],
    NEW_DEVICE: ['device.is_new'],
    UNUSUAL_FREQUENCY: ['account.count.1h'],
  },
}

const minuteMs = 60_000

/** Payments whose fraud depends on a large amount from a new device; the payee's mean is often not known. */
export const makeExamples = (count: number, seed = 1): readonly Example[] => {
  const rng = createRng(seed)
  return Array.from({ length: count }, (_, at) => {
    const amount = rng.logNormal(5_000, 1)
    const newDevice = rng.chance(0.1) ? 1 : 0
    const burst = rng.poisson(1)
    const odds = -6 + 3 * newDevice + 1.2 * Math.log(amount / 5_000) + 0.6 * burst
    const fraud = rng.chance(1 / (1 + Math.exp(-odds))) ? 1 : 0
    const occurredAt = 1_700_000_000_000 + at * minuteMs
    const row = Float64Array.of(amount, burst, newDevice, rng.chance(0.3) ? NaN : rng.logNormal(5_000, 0.5))
    return { row, fraud, occurredAt }
  })
}
