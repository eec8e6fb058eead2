import type { Manifest } from '../model/manifest.ts'

type Named = { readonly manifest: Pick<Manifest, 'features'> }

/** What each place of a feature row means: the champion's features, then the policy's, then the challengers'. */
export const rowNames = (
  { champion, challengers }: { readonly champion: Named; readonly challengers: readonly Named[] },
  policyFeatures: readonly string[],
): readonly string[] => {
  const namesOf = ({ manifest }: Named): readonly string[] => manifest.features.map(({ name }) => name)
  return [...new Set([...namesOf(champion), ...policyFeatures, ...challengers.flatMap(namesOf)])]
}
