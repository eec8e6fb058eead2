/** What became of a bundle that the models folder offered, or of the one in use. A closed set: it labels a metric. */
export const swapResults = [
  /** It decides from now on. */
  'swapped',
  /** It left its bounds while on probation: the one before decides again. */
  'withdrawn',
  /** It was withdrawn before, and is not taken again until active.json names another. */
  'withheld',
  /** A file is missing, cannot be read or understood, or the network does not fit its manifest. */
  'model_invalid',
  /** A hash is wrong, or a golden vector is off. */
  'model_unverified',
  /** No key of the ring has signed it, or the signature is wrong. */
  'model_unsigned',
  /** A path leads out of its folder, or the model holds what no model needs. */
  'model_unsafe',
  /** This machine does not have the pinned engine. */
  'backend_unavailable',
  /** The policy is wrong, or fails one of its own cases. */
  'policy_invalid',
  /** Fewer people than are needed have approved the policy as it is. */
  'policy_unapproved',
  /** It asks for a feature that does not exist or looks back further than histories are kept. */
  'feature_unknown',
  /** Anything else; the log says what. */
  'failed',
] as const
export type SwapResult = (typeof swapResults)[number]

/** Why a bundle that was offered does not decide. */
export type Refusal = Exclude<SwapResult, 'swapped' | 'withdrawn' | 'withheld'>
