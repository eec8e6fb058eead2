/** What each place of a feature row means: the model's features, then what the policy alone looks at. */
export const rowNames = (
  modelFeatures: readonly { readonly name: string }[],
  policyFeatures: readonly string[],
): readonly string[] => [...new Set([...modelFeatures.map(({ name }) => name), ...policyFeatures])]
