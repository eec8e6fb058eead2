import { createPublicKey, type KeyObject } from 'node:crypto'
import { z } from 'zod'
import { flawed, isFlawed, type Flawed } from './opened.ts'
import { createReadToken, type TokenDeps } from './token.ts'

const claims = z.object({
  sub: z.string(),
  keyId: z.string().min(1).max(256),
  key: z.object({ kty: z.literal('EC'), crv: z.literal('P-256'), x: z.string(), y: z.string() }),
})

/** A device's own key, as our enrolment service certified it. */
export type EnrolledKey = { readonly deviceId: string; readonly keyId: string; readonly key: KeyObject }

export type ReadEnrolment = (token: string, arrivedAt: number) => Promise<EnrolledKey | Flawed>

const keyOf = (jwk: z.infer<typeof claims>['key']): KeyObject | null => {
  try {
    return createPublicKey({ key: jwk, format: 'jwk' })
  } catch {
    return null
  }
}

/** The enrolment service has verified the device's attestation with Apple once, and signs for the key that came with it. */
export const createReadEnrolment = (deps: TokenDeps): ReadEnrolment => {
  const read = createReadToken(deps, {
    purpose: 'ENROLMENT',
    typ: 'device-key+jwt',
    requiredClaims: ['sub', 'exp'],
    isShortLived: false,
  })
  return async (token, arrivedAt) => {
    const payload = await read(token, arrivedAt)
    if (isFlawed(payload)) return payload
    const parsed = claims.safeParse(payload)
    const key = parsed.success ? keyOf(parsed.data.key) : null
    if (!parsed.success || key === null) return flawed('CLAIM')
    return { deviceId: parsed.data.sub, keyId: parsed.data.keyId, key }
  }
}
