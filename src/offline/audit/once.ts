import type { Audit } from '../../domain/audit.ts'
import { createRecent } from '../../recent.ts'

/** How far apart two records of one decision may be to be told as one: what is held must not grow with the topic. */
export type OnceLimits = {
  /** So many decisions are remembered, 100 to 200 bytes each. */
  readonly decisions: number
  /** So many records without a row of features wait for one that has it. */
  readonly waiting: number
}

const limits: OnceLimits = { decisions: 500_000, waiting: 5_000 }

const nameOf = ({ sourcePartition, sourceOffset, decision }: Audit): string =>
  `${sourcePartition} ${sourceOffset} ${decision.paymentId} ${decision.attempt} ${decision.contentHash}`

/**
 * Each decision once. A record that was delivered again is audited again, as nobody knows whether the first time was
 * published; where only one of the two has the row of features, that one counts. They stand near each other: a partition
 * is read after the other. A payment that was decided again under another record, as its first answer was no longer
 * kept, is a decision of its own.
 */
export async function* onceEach(
  audits: AsyncIterable<Audit>,
  { decisions, waiting }: OnceLimits = limits,
): AsyncGenerator<Audit, void, undefined> {
  const told = createRecent<true>(decisions)
  const withoutRow = createRecent<Audit>(waiting)
  for await (const audit of audits) {
    const decision = nameOf(audit)
    if (told.has(decision)) continue
    if (audit.features.length > 0) {
      told.put(decision, true)
      withoutRow.remove(decision)
      yield audit
      continue
    }
    for (const [key, left] of withoutRow.put(decision, audit)) {
      told.put(key, true)
      yield left
    }
  }
  yield* withoutRow.values()
}
