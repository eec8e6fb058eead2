import {
  intelSubjectOf,
  intelSubjects,
  type Intelligence,
  type IntelSubject,
  type Listing,
} from '../domain/intelligence.ts'
import { lagBit } from './degraded.ts'
import type { Placed, Step } from './step.ts'

const intelBit = lagBit('threat-intel')

const facets = ['listed', 'confidence', 'age'] as const
type Facet = (typeof facets)[number]

type IntelFeature = {
  readonly name: string
  readonly sentence: string
  readonly subject: IntelSubject
  readonly facet: Facet
}

const sentenceOf = (subject: IntelSubject, facet: Facet): string => {
  switch (facet) {
    case 'listed':
      return `1 if a valid indicator lists the payment's ${subject}, else 0; unknown without ${subject} or intelligence.`
    case 'confidence':
      return `Confidence of the strongest indicator that lists the ${subject}, 0 to 100; unknown if none does or it states none.`
    case 'age':
      return `Seconds since the version of the strongest indicator that lists the ${subject}; unknown if none does.`
  }
}

const features: readonly IntelFeature[] = intelSubjects.flatMap((subject) =>
  facets.map((facet) => ({
    name: facet === 'listed' ? `intel.${subject}` : `intel.${subject}.${facet}`,
    sentence: sentenceOf(subject, facet),
    subject,
    facet,
  })),
)

export const intelFeatures: readonly { readonly name: string; readonly sentence: string }[] = features

/** What a feature of intelligence is about, and whether it says only that something is listed. */
export const intelSubjectNamed = (
  name: string,
): { readonly subject: IntelSubject; readonly isListing: boolean } | null => {
  const feature = features.find((each) => each.name === name)
  return feature === undefined ? null : { subject: feature.subject, isListing: feature.facet === 'listed' }
}

/** For a world in which no indicator exists, such as a simulated one. */
export const nothingListed: Intelligence = { find: () => null }

const valueOf = (facet: Facet, listing: Listing | null, at: number): number => {
  switch (facet) {
    case 'listed':
      return listing === null ? 0 : 1
    case 'confidence':
      return listing?.confidence ?? NaN
    case 'age':
      return listing === null ? NaN : (at - listing.modifiedAt) / 1000
  }
}

/**
 * A step for those of the named features that are about intelligence: one look-up for each subject.
 * @param intelligence null: there is none, so nothing is known
 */
export const compileIntelFeatures = (
  names: readonly Placed<string>[],
  intelligence: Intelligence | null,
): readonly Step[] => {
  const wanted = names.flatMap(({ index, spec }) =>
    features.filter(({ name }) => name === spec).map(({ subject, facet }) => ({ index, subject, facet })),
  )
  const groups = intelSubjects
    .map((subject) => ({ subject, places: wanted.filter((each) => each.subject === subject) }))
    .filter(({ places }) => places.length > 0)
  if (groups.length === 0) return []
  return [
    ({ received: { payment, effectiveAt } }, row) => {
      let degraded = 0
      for (const { subject, places } of groups) {
        const isNamed = intelSubjectOf[subject](payment) !== null
        const isKnown = isNamed && intelligence !== null
        if (isNamed && !isKnown) degraded = intelBit
        const listing = isKnown ? intelligence.find(subject, payment, effectiveAt) : null
        for (const { index, facet } of places)
          row[index] = isKnown ? valueOf(facet, listing, effectiveAt) : NaN
      }
      return degraded
    },
  ]
}
