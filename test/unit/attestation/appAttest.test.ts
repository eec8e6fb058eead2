import { encode } from 'cborg'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createAppAttest } from '../../../src/attestation/appAttest.ts'
import { isFlawed } from '../../../src/attestation/opened.ts'
import { appAttestDocument, appId, createPhone } from '../../support/attestation/appAttest.ts'
import { createAttester } from '../../support/attestation/attester.ts'
import { limits, tokenDeps } from '../../support/attestation/ring.ts'

const arrivedAt = Date.UTC(2026, 5, 1, 12)
const named = { deviceId: 'dev-1', reportId: 'rep-1' }
const context = { ...named, observedAt: arrivedAt, arrivedAt }

const enroller = await createAttester('https://enrol.example', ['ENROLMENT'])
const stranger = await createAttester('https://enrol.example', ['ENROLMENT'], enroller.kid)
const sdk = await createAttester('https://sdk.example', ['SDK_REPORT'])
const phone = await createPhone(enroller, 'dev-1', arrivedAt - 1_000)
const read = createAppAttest([appId], await tokenDeps(enroller, sdk))

const claims = { ...named, issuedAt: arrivedAt, signals: { SIM_CHANGE: 'UNHEALTHY' } }
const bodyOf = (over: object = {}): string =>
  JSON.stringify({ enrolment: phone.enrolment, ...phone.assert(claims, 5), ...over })

const flawOf = async (body: string): Promise<string> => {
  const opened = await read(body, context)
  return isFlawed(opened) ? opened.flaw : 'none'
}

describe('an assertion of App Attest', () => {
  test('says what the app signed', async () => {
    expect(await read(appAttestDocument(phone, named, arrivedAt, 5).body, context)).toEqual({
      once: { id: 'app-attest key-of-dev-1 5', counter: { id: 'app-attest key-of-dev-1', value: 5 } },
      source: 'app-attest',
      observedAt: arrivedAt,
      platform: 'IOS',
      osVersion: '18.5',
      patchLevel: null,
      appVersion: null,
      signals: [{ signal: 'SYSTEM_INTEGRITY', healthy: true, attested: true }],
    })
  })

  test('proves nothing where other client data was signed', async () => {
    const { clientData } = phone.assert({ ...claims, signals: {} }, 5)
    expect(await flawOf(bodyOf({ clientData }))).toBe('SIGNATURE')
  })

  test('proves nothing under a key that our enrolment did not certify', async () => {
    const thief = await createPhone(enroller, 'dev-1', arrivedAt)
    expect(await flawOf(bodyOf(thief.assert(claims, 5)))).toBe('SIGNATURE')
    const forged = await createPhone(stranger, 'dev-1', arrivedAt)
    expect(await flawOf(bodyOf({ ...forged.assert(claims, 5), enrolment: forged.enrolment }))).toBe(
      'SIGNATURE',
    )
    const misused = await createPhone(sdk, 'dev-1', arrivedAt)
    expect(await flawOf(bodyOf({ ...misused.assert(claims, 5), enrolment: misused.enrolment }))).toBe(
      'UNKNOWN_KEY',
    )
  })

  test.each<[string, object, string]>([
    ['of another app', phone.assert(claims, 5, 'A1B2C3D4E5.com.example.other'), 'APP'],
    ['about another device', phone.assert({ ...claims, deviceId: 'dev-2' }, 5), 'OTHER_DEVICE'],
    ['about another report', phone.assert({ ...claims, reportId: 'rep-2' }, 5), 'OTHER_DEVICE'],
    ['about nothing', phone.assert({ hello: 1 }, 5), 'CLAIM'],
    ['that is too old', phone.assert({ ...claims, issuedAt: arrivedAt - limits.maxAgeMs - 1 }, 5), 'TOO_OLD'],
    ['that is no base64', { assertion: '%%%' }, 'MALFORMED'],
    ['that is no CBOR', { assertion: Buffer.from('hello').toString('base64') }, 'MALFORMED'],
    [
      'with authenticator data that is too short',
      {
        assertion: Buffer.from(
          encode({ signature: new Uint8Array(70), authenticatorData: new Uint8Array(36) }),
        ).toString('base64'),
      },
      'MALFORMED',
    ],
    ['that is far too large', { assertion: Buffer.alloc(5_000).toString('base64') }, 'MALFORMED'],
    ['that is nested without end', { assertion: Buffer.alloc(4_000, 0x81).toString('base64') }, 'MALFORMED'],
    ['without an enrolment', { enrolment: 'nothing' }, 'MALFORMED'],
  ])('%s proves nothing', async (_, over, flaw) => {
    expect(await flawOf(bodyOf(over))).toBe(flaw)
  })

  test('of an enrolment that has ended proves nothing', async () => {
    const old = await createPhone(enroller, 'dev-1', arrivedAt - 366 * 86_400_000)
    expect(await flawOf(bodyOf({ ...old.assert(claims, 5), enrolment: old.enrolment }))).toBe('TOO_OLD')
  })

  test('is refused whatever bit of it is turned, and nothing is thrown', async () => {
    const { assertion } = phone.assert(claims, 5)
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 255 }), async (where, by) => {
        const bytes = Buffer.from(assertion, 'base64')
        const index = where % bytes.length
        bytes[index] = (bytes[index] ?? 0) ^ by
        expect(await flawOf(bodyOf({ assertion: bytes.toString('base64') }))).not.toBe('none')
      }),
      { numRuns: 300 },
    )
  })
})
