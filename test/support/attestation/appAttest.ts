import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { encode } from 'cborg'
import type { HealthDocument } from '../../../src/domain/deviceHealth.ts'
import type { Attester } from './attester.ts'
import type { Named } from './documents.ts'

export const appId = 'A1B2C3D4E5.com.example.bank'

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest()

/** A phone with a key in its secure enclave, as Apple describes it. */
export type Phone = {
  readonly enrolment: string
  readonly assert: (
    claims: object,
    counter: number,
    app?: string,
  ) => { assertion: string; clientData: string }
}

export const createPhone = async (
  enroller: Attester,
  deviceId: string,
  enrolledAt: number,
  keys: { readonly publicKey: KeyObject; readonly privateKey: KeyObject } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
  }),
): Promise<Phone> => ({
  enrolment: await enroller.sign(
    'device-key+jwt',
    {
      sub: deviceId,
      keyId: `key-of-${deviceId}`,
      key: keys.publicKey.export({ format: 'jwk' }),
      exp: Math.floor(enrolledAt / 1000) + 365 * 86_400,
    },
    enrolledAt,
  ),
  assert: (claims, counter, app = appId) => {
    const clientData = Buffer.from(JSON.stringify(claims))
    const authenticatorData = Buffer.alloc(37)
    sha256(Buffer.from(app)).copy(authenticatorData)
    authenticatorData.writeUInt32BE(counter, 33)
    const nonce = sha256(Buffer.concat([authenticatorData, sha256(clientData)]))
    const assertion = encode({ signature: sign('sha256', nonce, keys.privateKey), authenticatorData })
    return {
      assertion: Buffer.from(assertion).toString('base64'),
      clientData: clientData.toString('base64'),
    }
  },
})

export const appAttestDocument = (
  phone: Phone,
  named: Named,
  issuedAt: number,
  counter: number,
  signals: Readonly<Record<string, string>> = { SYSTEM_INTEGRITY: 'HEALTHY' },
): HealthDocument => ({
  format: 'APP_ATTEST',
  body: JSON.stringify({
    enrolment: phone.enrolment,
    ...phone.assert({ ...named, issuedAt, platform: 'IOS', osVersion: '18.5', signals }, counter),
  }),
})
