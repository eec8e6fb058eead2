/** A manifest as small as one can be, as the JSON of its file. */
export const goodManifest = {
  manifestVersion: 1,
  id: 'payment-risk',
  version: '1',
  format: 'tfjs-layers',
  output: 'logit',
  files: { 'model.json': 'a'.repeat(64) },
  features: [{ name: 'payment.amount', mean: 0, scale: 1, whenMissing: 0, missingIndicator: false }],
  calibration: { kind: 'platt', a: 1, b: 0 },
  reasonGroups: [{ code: 'UNUSUAL_AMOUNT', baseline: { 'payment.amount': null } }],
  goldenTolerance: 1e-5,
  goldenVectors: [{ row: [null], probability: 0.5 }],
  training: {},
  metrics: {},
  thresholds: [],
} as const
