import { generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { SignJWT } from 'jose'
import { describe, expect, test } from 'vitest'
import { isFlawed } from '../../../src/attestation/opened.ts'
import { createSdkReport } from '../../../src/attestation/sdkReport.ts'
import { audience, createAttester } from '../../support/attestation/attester.ts'
import { sdkClaims } from '../../support/attestation/documents.ts'
import { limits, minuteMs, tokenDeps } from '../../support/attestation/ring.ts'

const arrivedAt = Date.UTC(2026, 5, 1, 12)
const named = { deviceId: 'dev-1', reportId: 'rep-1' }
const context = { ...named, observedAt: arrivedAt, arrivedAt }
const typ = 'device-health+jwt'

const sdk = await createAttester('https://sdk.example', ['SDK_REPORT'])
const enroller = await createAttester('https://enrol.example', ['ENROLMENT'])
const read = createSdkReport(await tokenDeps(sdk, enroller))
const claims = sdkClaims(named, ['OVERLAY'])
const good = await sdk.sign(typ, claims, arrivedAt)

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const [header = '', payload = '', signature = ''] = good.split('.')

const flawOf = async (token: string): Promise<string> => {
  const opened = await read(token, context)
  return isFlawed(opened) ? opened.flaw : 'none'
}

describe('a signed report', () => {
  test('says what was signed', async () => {
    expect(await read(good, context)).toMatchObject({
      once: { id: 'jti https://sdk.example rep-1', counter: null },
      observedAt: arrivedAt,
      platform: 'ANDROID',
      patchLevel: '2026-06-01',
      signals: expect.arrayContaining([
        { signal: 'OVERLAY', healthy: false, attested: true },
        { signal: 'FIREWALL', healthy: true, attested: true },
      ]),
    })
  })

  test('proves nothing with another signature', async () => {
    const other = await createAttester(sdk.issuer, ['SDK_REPORT'], sdk.kid)
    expect(await flawOf(await other.sign(typ, claims, arrivedAt))).toBe('SIGNATURE')
  })

  test('proves nothing without one', async () => {
    const none = encoded({ alg: 'none', kid: sdk.kid, typ })
    expect(await flawOf(`${none}.${payload}.`)).toBe('ALGORITHM')
  })

  test('proves nothing under a shared secret made of the public key', async () => {
    const token = await new SignJWT({ iss: sdk.issuer, aud: audience, iat: arrivedAt / 1000, ...claims })
      .setProtectedHeader({ alg: 'HS256', kid: sdk.kid, typ })
      .sign(Buffer.from(sdk.keySet))
    expect(await flawOf(token)).toBe('ALGORITHM')
  })

  test('proves nothing with a key that it brings itself', async () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const stranger = await createAttester('https://sdk.example', ['SDK_REPORT'], 'own-key')
    const token = await stranger.sign(typ, claims, arrivedAt, { jwk: publicKey.export({ format: 'jwk' }) })
    expect(await flawOf(token)).toBe('UNKNOWN_KEY')
  })

  test.each<[string, object, Readonly<Record<string, string>>, string]>([
    ['of an unknown key', {}, { kid: 'other' }, 'UNKNOWN_KEY'],
    ['of another type', {}, { typ: 'device-key+jwt' }, 'CLAIM'],
    ['for somebody else', { aud: 'https://other.example' }, {}, 'AUDIENCE'],
    ['in the name of somebody else', { iss: 'https://other.example' }, {}, 'ISSUER'],
    ['of another device', { sub: 'dev-2' }, {}, 'OTHER_DEVICE'],
    ['without an id', { jti: undefined }, {}, 'CLAIM'],
    ['with a signal that there is not', { signals: { LUCK: 'HEALTHY' } }, {}, 'CLAIM'],
    ['that has expired by its own word', { exp: arrivedAt / 1000 - 61 }, {}, 'TOO_OLD'],
  ])('%s proves nothing', async (_, over, head, flaw) => {
    const token = await sdk.sign(typ, { ...claims, ...over }, arrivedAt, head)
    expect(await flawOf(token)).toBe(flaw)
  })

  test('by a key for other purposes proves nothing', async () => {
    expect(await flawOf(await enroller.sign(typ, claims, arrivedAt))).toBe('UNKNOWN_KEY')
  })

  test('grows too old, and may not come from the future', async () => {
    const at = async (issuedAt: number) => flawOf(await sdk.sign(typ, claims, issuedAt))
    expect(await at(arrivedAt - limits.maxAgeMs)).toBe('none')
    expect(await at(arrivedAt - limits.maxAgeMs - limits.toleranceMs - 1_000)).toBe('TOO_OLD')
    expect(await at(arrivedAt + limits.toleranceMs)).toBe('none')
    expect(await at(arrivedAt + limits.toleranceMs + minuteMs)).toBe('FROM_THE_FUTURE')
  })

  test('for nobody in particular is not for us', async () => {
    const open = createSdkReport({ ...(await tokenDeps(sdk)), audience: '' })
    expect(await open(good, context)).toEqual({ flaw: 'AUDIENCE' })
  })

  test('is refused whatever is changed in it', async () => {
    const parts = [header, payload, signature]
    await fc.assert(
      fc.asyncProperty(fc.nat(2), fc.nat(), fc.constantFrom('A', 'z', '_', '.', ''), async (part, at, by) => {
        const text = parts[part] ?? ''
        const index = at % text.length
        // The last letter of a base64url text may hold bits that mean nothing.
        fc.pre(text[index] !== by && index < text.length - 1)
        const changed = text.slice(0, index) + by + text.slice(index + 1)
        const token = parts.map((each, i) => (i === part ? changed : each)).join('.')
        expect(await flawOf(token)).not.toBe('none')
      }),
      { numRuns: 200 },
    )
  })

  test('that is rubbish is refused, and nothing is thrown', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.json(), fc.string({ unit: 'binary' })), async (text) => {
        expect(['MALFORMED', 'UNKNOWN_KEY']).toContain(await flawOf(text))
      }),
    )
  })
})
