import type { KeyRing } from '../../../src/attestation/keyRing.ts'
import { parseKeySet } from '../../../src/attestation/keySet.ts'
import type { TokenDeps } from '../../../src/attestation/token.ts'
import { audience, type Attester } from './attester.ts'

/** A ring that holds the keys of these, and never changes. */
export const ringOf = async (...attesters: readonly Attester[]): Promise<KeyRing> => {
  const keys = (await Promise.all(attesters.map(({ issuer, keySet }) => parseKeySet(issuer, keySet)))).flat()
  return { find: (kid) => Promise.resolve(keys.find((key) => key.kid === kid) ?? null) }
}

export const minuteMs = 60_000
export const limits = { maxAgeMs: 10 * minuteMs, toleranceMs: minuteMs }

export const tokenDeps = async (...attesters: readonly Attester[]): Promise<TokenDeps> => ({
  keys: await ringOf(...attesters),
  audience,
  limits,
})
