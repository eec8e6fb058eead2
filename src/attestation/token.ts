import { decodeProtectedHeader, errors, jwtVerify, type JWTPayload } from 'jose'
import type { AgeLimits } from './age.ts'
import type { KeyRing, Purpose, RingKey } from './keyRing.ts'
import { flawed, isFlawed, type Flaw, type Flawed } from './opened.ts'

export type TokenDeps = {
  readonly keys: KeyRing
  /** What a token must name as its audience; empty: none is for us. */
  readonly audience: string
  readonly limits: AgeLimits
}

export type TokenKind = {
  readonly purpose: Purpose
  /** The header's `typ`, so that a token of one kind is not taken for another. */
  readonly typ: string
  readonly requiredClaims: readonly string[]
  /** A token that is good for long says so itself, by `exp`. */
  readonly isShortLived: boolean
}

/** The claims of a signed token, or why it proves nothing. */
export type ReadToken = (token: string, arrivedAt: number) => Promise<JWTPayload | Flawed>

const claimFlaws: Readonly<Record<string, Flaw>> = {
  aud: 'AUDIENCE',
  iss: 'ISSUER',
  iat: 'FROM_THE_FUTURE',
  nbf: 'FROM_THE_FUTURE',
}

const flawOf = (error: unknown): Flaw => {
  if (error instanceof errors.JWTExpired) return 'TOO_OLD'
  if (error instanceof errors.JWTClaimValidationFailed) return claimFlaws[error.claim] ?? 'CLAIM'
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'SIGNATURE'
  if (error instanceof errors.JOSEAlgNotAllowed) return 'ALGORITHM'
  return 'MALFORMED'
}

/** Keys are found by `kid` only; the algorithm is the key's own, never the token's choice. */
const keyOf = async (token: string, keys: KeyRing, purpose: Purpose): Promise<RingKey | Flawed> => {
  const header = headerOf(token)
  if (header === null) return flawed('MALFORMED')
  const key = typeof header.kid === 'string' ? await keys.find(header.kid) : null
  if (key === null || !key.purposes.includes(purpose)) return flawed('UNKNOWN_KEY')
  return key.algorithm === header.alg ? key : flawed('ALGORITHM')
}

const headerOf = (token: string): ReturnType<typeof decodeProtectedHeader> | null => {
  try {
    return decodeProtectedHeader(token)
  } catch {
    return null
  }
}

/** Verifies compact JWS with the claims of a JWT (RFC 7519): signature, issuer, audience, type, age. */
export const createReadToken =
  ({ keys, audience, limits }: TokenDeps, kind: TokenKind): ReadToken =>
  async (token, arrivedAt) => {
    const key = await keyOf(token, keys, kind.purpose)
    if (isFlawed(key)) return key
    if (audience === '') return flawed('AUDIENCE')
    try {
      const { payload } = await jwtVerify(token, key.key, {
        algorithms: [key.algorithm],
        issuer: key.issuer,
        audience,
        typ: kind.typ,
        requiredClaims: [...kind.requiredClaims],
        currentDate: new Date(arrivedAt),
        clockTolerance: limits.toleranceMs / 1000,
        ...(kind.isShortLived ? { maxTokenAge: limits.maxAgeMs / 1000 } : {}),
      })
      return payload
    } catch (error) {
      return flawed(flawOf(error))
    }
  }
