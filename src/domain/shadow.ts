/** What became of a payment that a model in shadow was to score. A closed set: it labels a metric. */
export const shadowResults = [
  /** Its opinion is in the audit record. */
  'scored',
  /** The model, or its thread, failed. */
  'failed',
  /** Left out: the micro-batch was slow already, or the model still busy with one before. */
  'shed',
  /** The answer came too late to be waited for. */
  'slow',
] as const
export type ShadowResult = (typeof shadowResults)[number]
