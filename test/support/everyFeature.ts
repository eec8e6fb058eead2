import { entityTypes, type EntityType } from '../../src/domain/entity.ts'
import { deviceFeatures } from '../../src/features/deviceFeatures.ts'
import { measureNames, measures } from '../../src/features/measures.ts'
import { isNoted, noteMeasureNames, noteMeasures } from '../../src/features/noteMeasures.ts'
import { paymentFeatures } from '../../src/features/paymentFeatures.ts'

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

/** Every entity, pair and measure of the catalogue in each of these windows, and all that needs no window. */
export const everyFeature = (spans: readonly string[]): readonly string[] => [
  ...subjects.flatMap((subject) => ofSubject(subject, spans)),
  ...paymentFeatures.map(({ name }) => name),
  ...deviceFeatures.map(({ name }) => name),
]
