import { createHash } from 'node:crypto'
import type { CaseEntry, CaseEvent } from '../../domain/case.ts'

/** Stands before the first entry. */
export const noEntry = { sequence: 0, hash: '0'.repeat(64) } as const

/** The last entry of a chain: its number, and the SHA-256 of its bytes, hexadecimal. */
export type Head = { readonly sequence: number; readonly hash: string }

export const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** Gives an event its place after the head. */
export const linked = (event: CaseEvent, { sequence, hash }: Head): CaseEntry => ({
  sequence: sequence + 1,
  previousHash: hash,
  ...event,
})
