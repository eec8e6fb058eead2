import type { Audit } from '../../domain/audit.ts'

/**
 * Each decision once. A record that was delivered again is audited again, as nobody knows whether the first time was
 * published; where only one of the two has the row of features, that one counts.
 */
export async function* onceEach(audits: AsyncIterable<Audit>): AsyncGenerator<Audit, void, undefined> {
  const seen = new Set<string>()
  const withoutRow = new Map<string, Audit>()
  for await (const audit of audits) {
    const { paymentId, attempt, contentHash } = audit.decision
    const decision = `${paymentId} ${attempt} ${contentHash}`
    if (seen.has(decision)) continue
    if (audit.features.length === 0) {
      withoutRow.set(decision, audit)
      continue
    }
    seen.add(decision)
    withoutRow.delete(decision)
    yield audit
  }
  yield* withoutRow.values()
}
