import type { CaseSubject } from '../../domain/case.ts'
import type { Label } from './label.ts'

/** What cases hold back: by keyed hash of the paymentId and by STIX id, until when, epoch ms. */
export type Embargoes = ReadonlyMap<string, number>

type Embargoed = {
  readonly subject: CaseSubject
  readonly subjectId: string
  readonly embargoUntil: number | null
}

/** @param refOf the keyed hash of a paymentId */
export const embargoesOf = (cases: Iterable<Embargoed>, refOf: (paymentId: string) => string): Embargoes => {
  const embargoes = new Map<string, number>()
  for (const { subject, subjectId, embargoUntil } of cases) {
    if (embargoUntil === null || (subject !== 'PAYMENT' && subject !== 'INTELLIGENCE')) continue
    const key = subject === 'PAYMENT' ? refOf(subjectId) : subjectId
    embargoes.set(key, Math.max(embargoUntil, embargoes.get(key) ?? -Infinity))
  }
  return embargoes
}

/**
 * Before this time nothing of the label leaves, epoch ms; what takes something back waits for cases only.
 * @param delayMs how long after it was known fraud is kept back in any case
 * @param indicators ids of the indicators that it speaks of
 */
export const notBefore = (
  { verdict, knownAt, paymentRef }: Label,
  embargoes: Embargoes,
  indicators: readonly string[],
  delayMs: number,
): number =>
  Math.max(
    verdict === 'fraud' ? knownAt + delayMs : -Infinity,
    ...[paymentRef, ...indicators].map((key) => embargoes.get(key) ?? -Infinity),
  )
