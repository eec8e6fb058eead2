import type { CaseEntry } from '../../domain/case.ts'
import { hashOf, noEntry, type Head } from './chain.ts'

/** An entry as the topic, or an archive of it, holds it. */
export type StoredEntry = {
  readonly offset: number
  readonly bytes: Uint8Array
  /** What the bytes hold; null where they cannot be read. */
  readonly entry: CaseEntry | null
  /** The SHA-256 that its writer put beside the bytes; null where it is missing. */
  readonly statedHash: string | null
}

export type ChainFault = {
  readonly kind: 'unreadable' | 'changed' | 'missing' | 'inserted' | 'unanchored'
  /** The number of the entry; of an unreadable one it is not known. */
  readonly sequence: number | null
  /** Where it stands; null for what is missing. */
  readonly offset: number | null
  readonly detail: string
}

export type Verified = {
  readonly entries: number
  /** What to keep elsewhere: whoever has it can tell later that nothing was cut off or rewritten before it. */
  readonly head: Head
  readonly faults: readonly ChainFault[]
}

type Known = StoredEntry & { readonly entry: CaseEntry; readonly hash: string }

const bySequence = (known: readonly Known[]): ReadonlyMap<number, readonly Known[]> => {
  const groups = new Map<number, Known[]>()
  for (const each of known) {
    const group = groups.get(each.entry.sequence)
    if (group === undefined) groups.set(each.entry.sequence, [each])
    else group.push(each)
  }
  return groups
}

/** Of several that claim one number the one on which a later entry hangs; the first where that settles nothing. */
const genuine = (claims: readonly Known[], after: readonly Known[]): Known | undefined => {
  const named = new Set(after.map(({ entry }) => entry.previousHash))
  return claims.find(({ hash }) => named.has(hash)) ?? claims[0]
}

const insertedFaults = (claims: readonly Known[], kept: Known | undefined): readonly ChainFault[] =>
  claims
    .filter((claim) => claim !== kept)
    .map(({ entry, offset }) => ({
      kind: 'inserted',
      sequence: entry.sequence,
      offset,
      detail: `entry ${entry.sequence} at offset ${offset} was inserted: another one, at offset ${kept?.offset}, has this number`,
    }))

const ownFault = ({ entry, offset, hash, statedHash }: Known): readonly ChainFault[] =>
  hash === statedHash
    ? []
    : [
        {
          kind: 'changed',
          sequence: entry.sequence,
          offset,
          detail: `entry ${entry.sequence} at offset ${offset} was changed: its SHA-256 is not the one ${statedHash === null ? 'that belongs beside it, which is missing' : 'beside it'}`,
        },
      ]

const linkFault = (
  before: Known | null,
  { entry, offset, hash, statedHash }: Known,
): readonly ChainFault[] => {
  // What was changed itself may name anything.
  if (hash !== statedHash) return []
  if (entry.previousHash === (before?.hash ?? noEntry.hash)) return []
  const { sequence } = entry
  // The entry before was changed and says so itself.
  if (before !== null && before.hash !== before.statedHash) return []
  return [
    {
      kind: 'changed',
      sequence: before === null ? sequence : sequence - 1,
      offset: before?.offset ?? offset,
      detail:
        before === null
          ? `entry ${sequence} at offset ${offset} names an entry before it, and there is none`
          : `entry ${sequence - 1} at offset ${before.offset} was changed: its SHA-256 is not the one that entry ${sequence} names`,
    },
  ]
}

const missingFaults = (from: number, to: number): readonly ChainFault[] =>
  from >= to
    ? []
    : [
        {
          kind: 'missing',
          sequence: from,
          offset: null,
          detail: from === to - 1 ? `entry ${from} is missing` : `entries ${from} to ${to - 1} are missing`,
        },
      ]

const anchorFaults = (kept: readonly Known[], anchor: Head | null): readonly ChainFault[] => {
  if (
    anchor === null ||
    kept.some(({ entry, hash }) => entry.sequence === anchor.sequence && hash === anchor.hash)
  )
    return []
  return [
    {
      kind: 'unanchored',
      sequence: anchor.sequence,
      offset: null,
      detail: `expected entry ${anchor.sequence} with the SHA-256 ${anchor.hash}, found none`,
    },
  ]
}

const unreadableFaults = (stored: readonly StoredEntry[]): readonly ChainFault[] =>
  stored
    .filter(({ entry }) => entry === null)
    .map(({ offset }) => ({
      kind: 'unreadable',
      sequence: null,
      offset,
      detail: `the record at offset ${offset} was changed or inserted: it holds no entry`,
    }))

/**
 * Recomputes the chain and names each entry that was changed, is missing, or was inserted.
 * @param anchor a head that was kept elsewhere: without it nobody can tell that entries were cut off at the end
 */
export const verifyChain = (stored: readonly StoredEntry[], anchor: Head | null = null): Verified => {
  const known = stored.flatMap((each): readonly Known[] =>
    each.entry === null ? [] : [{ ...each, entry: each.entry, hash: hashOf(each.bytes) }],
  )
  const groups = bySequence(known)
  const faults: ChainFault[] = [...unreadableFaults(stored)]
  const kept: Known[] = []
  let before: Known | null = null
  for (const sequence of [...groups.keys()].toSorted((a, b) => a - b)) {
    const claims = groups.get(sequence) ?? []
    const found = genuine(claims, groups.get(sequence + 1) ?? [])
    faults.push(...insertedFaults(claims, found))
    if (found === undefined) continue
    const expected: number = (before?.entry.sequence ?? noEntry.sequence) + 1
    faults.push(...missingFaults(expected, sequence), ...ownFault(found))
    if (sequence === expected) faults.push(...linkFault(before, found))
    kept.push(found)
    before = found
  }
  faults.push(...anchorFaults(kept, anchor))
  const head = before === null ? noEntry : { sequence: before.entry.sequence, hash: before.hash }
  return { entries: stored.length, head, faults }
}
