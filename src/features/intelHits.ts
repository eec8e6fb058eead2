import { intelSubjects, type Intelligence, type Listing } from '../domain/intelligence.ts'
import { looksLikePan } from '../domain/pan.ts'
import type { Payment } from '../domain/payment.ts'
import type { IntelHit } from '../domain/seen.ts'

export type FindIntelHits = (payment: Payment, at: number, row: Float64Array) => readonly IntelHit[]

const none: readonly IntelHit[] = []
const noHits: FindIntelHits = () => none

/**
 * The indicators behind what a row says is listed. They are looked up again, and only for what is listed: a payment
 * without a hit costs a look at its row. To be called before the table can have changed.
 * @param index where in a row each feature stands
 * @param intelligence null: there is none
 */
export const compileIntelHits = (
  index: ReadonlyMap<string, number>,
  intelligence: Intelligence | null,
): FindIntelHits => {
  const placed = intelSubjects.flatMap((subject) => {
    const listed = index.get(`intel.${subject}`)
    // Known only of what is listed.
    const age = index.get(`intel.${subject}.age`)
    const confidence = index.get(`intel.${subject}.confidence`)
    return listed === undefined && age === undefined && confidence === undefined
      ? []
      : [{ subject, listed, age, confidence }]
  })
  if (intelligence === null || placed.length === 0) return noHits
  return (payment, at, row) => {
    let hits: IntelHit[] | null = null
    for (const { subject, listed, age, confidence } of placed) {
      const isListed =
        listed === undefined ? !Number.isNaN(row[age ?? confidence ?? -1] ?? NaN) : row[listed] === 1
      const listing = isListed ? intelligence.find(subject, payment, at) : null
      if (listing !== null) (hits ??= []).push(hitOf(subject, listing))
    }
    return hits ?? none
  }
}

/** Of a name that somebody else chose. */
const longestSource = 200

const namedSource = (source: string): string => (looksLikePan(source) ? '' : source.slice(0, longestSource))

/** Who says it is left out where the marking gives it to its recipients alone. */
const hitOf = (
  subject: IntelHit['subject'],
  { id, source, confidence, modifiedAt, tlp }: Listing,
): IntelHit => ({
  subject,
  indicatorId: id,
  source: tlp === 'RED' ? '' : namedSource(source),
  confidence: Number.isNaN(confidence) ? null : confidence,
  modifiedAt,
  tlp,
})
