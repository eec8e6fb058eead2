/** The features behind one reason code of a model. */
export type ReasonGroup = {
  /** `<id>/<version>` */
  readonly model: string
  readonly code: string
  readonly features: readonly UsualValue[]
}

/** What a model takes for ordinary; NaN: that it is not known. */
export type UsualValue = { readonly name: string; readonly usual: number }

/**
 * What decided while a bundle did: all that it takes to read its audit records, months later and without the folder of
 * models, and to judge again by its policy. The models themselves stay in files.
 */
export type BundleAccount = {
  readonly bundleHash: string
  /** The bundle as canonical JSON, which `bundleHash` is the SHA-256 of: models, pins and policy, each by hash. */
  readonly active: string
  readonly policyText: string
  /** What each place of a feature row means. */
  readonly featureNames: readonly string[]
  readonly reasonGroups: readonly ReasonGroup[]
}

/** As it stands on the topic `bundles`. */
export type PublishedAccount = BundleAccount & { readonly publishedAt: number }
