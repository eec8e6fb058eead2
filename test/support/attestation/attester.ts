import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { exportJWK, SignJWT, type JWTPayload } from 'jose'
import type { Purpose } from '../../../src/attestation/keyRing.ts'

/** Somebody with a key of its own. */
export type Attester = {
  readonly issuer: string
  readonly kid: string
  /** What goes into a key ring's folder. */
  readonly keySet: string
  /** A compact JWS of these claims, issued at that time; whatever is given in `header` wins. */
  readonly sign: (
    typ: string,
    claims: JWTPayload,
    issuedAt: number,
    header?: Readonly<Record<string, unknown>>,
  ) => Promise<string>
}

export const audience = 'https://risk.example'

export const createAttester = async (
  issuer: string,
  purposes: readonly Purpose[],
  kid = `${issuer}-1`,
  key: { readonly publicKey: KeyObject; readonly privateKey: KeyObject } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
  }),
): Promise<Attester> => ({
  issuer,
  kid,
  keySet: JSON.stringify({
    issuer,
    purposes,
    keys: [{ ...(await exportJWK(key.publicKey)), kid, alg: 'ES256' }],
  }),
  sign: (typ, claims, issuedAt, header = {}) =>
    new SignJWT({ iss: issuer, aud: audience, iat: Math.floor(issuedAt / 1000), ...claims })
      .setProtectedHeader({ alg: 'ES256', kid, typ, ...header })
      .sign(key.privateKey),
})
