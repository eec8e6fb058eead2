import { intelSubjects, type IntelSubject } from '../domain/intelligence.ts'
import type { Network } from './address.ts'

/** What an indicator can list: what a payment names, and what a device or a page may be known by. */
export const termKinds = [...intelSubjects, 'domain', 'app', 'certificate', 'file', 'keyed'] as const
export type TermKind = IntelSubject | 'domain' | 'app' | 'certificate' | 'file' | 'keyed'

/** The key of a `keyed` term: something that a member of the exchange names by a hash alone (docs/sharing.md). */
export const keyedKey = (subject: string, hash: string): string => `${subject} ${hash}`

/** One thing that an indicator names. */
export type Term = {
  readonly kind: TermKind
  /** One text for each thing, whatever way it was written. */
  readonly key: string
  /** Of an `ip`: the address or network. */
  readonly network: Network | null
}

export const isTermKind = (text: string): text is TermKind => termKinds.some((kind) => kind === text)
