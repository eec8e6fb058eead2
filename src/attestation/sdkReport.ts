import { z } from 'zod'
import { flawed, isFlawed, type Adapter } from './opened.ts'
import { openSigned, signedSignals } from './signedSignals.ts'
import { createReadToken, type TokenDeps } from './token.ts'

const claims = signedSignals.extend({
  sub: z.string(),
  jti: z.string().min(1).max(256),
  iss: z.string(),
  iat: z.number(),
})

/** The signed report of our own SDK: a compact JWS whose subject is the device. */
export const createSdkReport = (deps: TokenDeps): Adapter => {
  const read = createReadToken(deps, {
    purpose: 'SDK_REPORT',
    typ: 'device-health+jwt',
    requiredClaims: ['sub', 'jti', 'iat'],
    isShortLived: true,
  })
  return async (body, { deviceId, arrivedAt }) => {
    const payload = await read(body, arrivedAt)
    if (isFlawed(payload)) return payload
    const parsed = claims.safeParse(payload)
    if (!parsed.success) return flawed('CLAIM')
    const { sub, jti, iss, iat } = parsed.data
    if (sub !== deviceId) return flawed('OTHER_DEVICE')
    return {
      once: { id: `jti ${iss} ${jti}`, counter: null },
      source: 'sluice-sdk',
      observedAt: iat * 1000,
      ...openSigned(parsed.data),
    }
  }
}
