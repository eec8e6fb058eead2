import type { Audit } from '../../domain/audit.ts'

/**
 * A record that is delivered again was not committed: less lies between its two audits than instances fetch ahead, which
 * is some thousand records of each partition. At some 200 bytes each.
 */
const rememberedAtMost = 250_000

const nameOf = ({ sourcePartition, sourceOffset, decision }: Audit): string =>
  `${sourcePartition} ${sourceOffset} ${decision.paymentId} ${decision.attempt} ${decision.contentHash}`

/**
 * Each decision once. A record that was delivered again is audited again, as nobody knows whether the first time was
 * published; where only one of the two has the row of features, that one counts. A payment that was decided again under
 * another record, as its first answer was no longer kept, is a decision of its own.
 * @param atMost how many decisions may lie between two audits of one
 */
export async function* onceEach(
  audits: AsyncIterable<Audit>,
  atMost = rememberedAtMost,
): AsyncGenerator<Audit, void, undefined> {
  /** The oldest first; null: given already. */
  const seen = new Map<string, Audit | null>()
  for await (const audit of audits) {
    const name = nameOf(audit)
    const before = seen.get(name)
    const hasRow = audit.features.length > 0
    if (before === null || (before !== undefined && !hasRow)) continue
    seen.set(name, hasRow ? null : audit)
    if (hasRow) yield audit
    if (seen.size <= atMost) continue
    const [oldest] = seen
    if (oldest === undefined) continue
    seen.delete(oldest[0])
    if (oldest[1] !== null) yield oldest[1]
  }
  for (const left of seen.values()) if (left !== null) yield left
}
