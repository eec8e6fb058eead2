import type { Challenger } from '../model/bundle.file.ts'
import type { Manifest } from '../model/manifest.ts'

type Named = { readonly manifest: Pick<Manifest, 'features'> }
type NamedChallenger = Named & Pick<Challenger, 'canaryShare'>

const namesOf = ({ manifest }: Named): readonly string[] => manifest.features.map(({ name }) => name)

/** What each place of a feature row means: the champion's features, then the policy's, then the challengers'. */
export const rowNames = (
  { champion, challengers }: { readonly champion: Named; readonly challengers: readonly Named[] },
  policyFeatures: readonly string[],
): readonly string[] => [
  ...new Set([...namesOf(champion), ...policyFeatures, ...challengers.flatMap(namesOf)]),
]

/**
 * What a decision cannot do without: what the policy names, and what a model that may decide does not call optional.
 * A model in shadow decides nothing.
 */
export const neededNames = (
  { champion, challengers }: { readonly champion: Named; readonly challengers: readonly NamedChallenger[] },
  policyFeatures: readonly string[],
): ReadonlySet<string> => {
  const deciding = [champion, ...challengers.filter(({ canaryShare }) => canaryShare !== undefined)]
  return new Set([
    ...policyFeatures,
    ...deciding.flatMap(({ manifest }) =>
      manifest.features.filter(({ optional }) => optional !== true).map(({ name }) => name),
    ),
  ])
}
