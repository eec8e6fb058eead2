import { entityTypes, type EntityType } from '../../src/domain/entity.ts'
import { deviceFeatures } from '../../src/features/deviceFeatures.ts'
import { measureNames, measures } from '../../src/features/measures.ts'
import { isNoted, noteMeasureNames, noteMeasures } from '../../src/features/noteMeasures.ts'
import { parseFeatureName, reachOf } from '../../src/features/names.ts'
import { paymentFeatures } from '../../src/features/paymentFeatures.ts'
import { defaultRetentionMs } from '../../src/features/plan.ts'

type Subject = { readonly entity: EntityType; readonly partner: EntityType | null }

const subjects = entityTypes.flatMap((entity): readonly Subject[] => [
  { entity, partner: null },
  ...entityTypes.filter((partner) => partner !== entity).map((partner) => ({ entity, partner })),
])

const listed = [
  ...measureNames.map((name) => ({ name, ...measures[name], note: null })),
  ...noteMeasureNames.map((name) => ({ name, ...noteMeasures[name], note: noteMeasures[name] })),
]

const ofSubject = ({ entity, partner }: Subject, spans: readonly string[]): readonly string[] => {
  const subject = partner === null ? entity : `${entity}_${partner}`
  const spanned = (name: string): readonly string[] => spans.map((span) => `${subject}.${name}.${span}`)
  return [
    ...listed
      .filter(({ note }) => note === null || isNoted(note, entity, partner))
      .flatMap(({ name, window }) => [
        ...(window === 'optional' ? [`${subject}.${name}`] : []),
        ...spanned(name),
      ]),
    ...entityTypes
      .filter((target) => target !== entity && target !== partner)
      .flatMap((target) => spanned(`distinct_${target}`)),
  ]
}

/** Some look further back than their window. */
const isKept = (name: string): boolean => {
  const spec = parseFeatureName(name)
  return spec.family !== 'velocity' || (reachOf(spec) ?? 0) <= defaultRetentionMs
}

/** Every entity, pair and measure of the catalogue in each of these windows, and all that needs no window. */
export const everyFeature = (spans: readonly string[]): readonly string[] => [
  ...subjects.flatMap((subject) => ofSubject(subject, spans)).filter(isKept),
  ...paymentFeatures.map(({ name }) => name),
  ...deviceFeatures.map(({ name }) => name),
]
