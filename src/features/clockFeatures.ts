/**
 * Features that the clock alone gives. They are elsewhere each hour, whoever pays: how they are distributed over a
 * window says nothing of a model's fitness.
 */
export const clockFeatures: ReadonlySet<string> = new Set([
  'payment.hour',
  'payment.weekend',
  'payment.night',
])
