import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exportJWK } from 'jose'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openKeyRing } from '../../../src/attestation/keyRing.file.ts'
import { parseKeySet } from '../../../src/attestation/keySet.ts'
import { createAttester } from '../../support/attestation/attester.ts'

const first = await createAttester('https://sdk.example', ['SDK_REPORT'], 'first')
const second = await createAttester('https://sdk.example', ['SDK_REPORT'], 'second')

describe('a folder of key sets', () => {
  let folder: string
  let clock: number
  let failures: unknown[]
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-ring-'))
    clock = 0
    failures = []
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const open = () =>
    openKeyRing({ folder, monotonic: () => clock, onFailure: (error) => void failures.push(error) })
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text)

  test('has the keys of all of them', async () => {
    write('a.json', first.keySet)
    write('notes.txt', 'not a key set')
    const ring = await open()
    expect(await ring.find('first')).toMatchObject({
      kid: 'first',
      issuer: 'https://sdk.example',
      purposes: ['SDK_REPORT'],
      algorithm: 'ES256',
    })
    expect(await ring.find('second')).toBeNull()
  })

  test('takes a new key when somebody asks for it, at most once a second', async () => {
    write('a.json', first.keySet)
    const ring = await open()
    write('b.json', second.keySet)
    clock = 999
    expect(await ring.find('second')).toBeNull()
    clock = 1_000
    expect((await ring.find('second'))?.kid).toBe('second')
  })

  test('lets go of a key that was taken out', async () => {
    write('a.json', first.keySet)
    const ring = await open()
    write('a.json', second.keySet)
    clock = 5_000
    expect(await ring.find('first')).toBeNull()
  })

  test('keeps the keys that it had while the folder is wrong', async () => {
    write('a.json', first.keySet)
    const ring = await open()
    write('b.json', '{')
    clock = 5_000
    expect((await ring.find('first'))?.kid).toBe('first')
    expect(failures).toMatchObject([{ code: 'KEY_INVALID' }])
  })

  test('is refused at the start if it is wrong, or has a key id twice', async () => {
    write('a.json', first.keySet)
    write('b.json', first.keySet)
    await expect(open()).rejects.toMatchObject({
      code: 'KEY_INVALID',
      message: expect.stringContaining('twice'),
    })
    rmSync(folder, { recursive: true })
    await expect(open()).rejects.toMatchObject({ code: 'KEY_INVALID' })
    folder = mkdtempSync(join(tmpdir(), 'sluice-ring-'))
  })

  test('has no keys where none is configured', async () => {
    const ring = await openKeyRing({ folder: '', monotonic: () => clock, onFailure: () => undefined })
    expect(await ring.find('first')).toBeNull()
  })
})

describe('a key set', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const setOf = (key: object): string =>
    JSON.stringify({ issuer: 'i', purposes: ['CAEP'], keys: [{ kid: 'k', alg: 'ES256', ...key }] })

  test('with a secret key is refused, and nothing of it is told', async () => {
    const secret = await exportJWK(privateKey)
    const refusal = await parseKeySet('a.json', setOf(secret)).catch((error: unknown) => error)
    expect(refusal).toMatchObject({ code: 'KEY_INVALID' })
    expect(JSON.stringify(refusal) + String(refusal)).not.toContain(secret.d)
  })

  test.each([
    ['a shared secret', { kty: 'oct', k: 'c2VjcmV0', alg: 'HS256' }],
    ['no algorithm', { ...publicKey.export({ format: 'jwk' }), alg: undefined }],
    ['the algorithm none', { ...publicKey.export({ format: 'jwk' }), alg: 'none' }],
    ['a key for another algorithm', { ...publicKey.export({ format: 'jwk' }), alg: 'RS256' }],
    ['a point that is not on the curve', { kty: 'EC', crv: 'P-256', x: 'AAAA', y: 'AAAA' }],
  ])('with %s is refused', async (_, key) => {
    await expect(parseKeySet('a.json', setOf(key))).rejects.toMatchObject({ code: 'KEY_INVALID' })
  })

  test.each(['ES384', 'EdDSA', 'RS256', 'PS256'])('may hold a key for %s', async (alg) => {
    const pair =
      alg === 'ES384'
        ? generateKeyPairSync('ec', { namedCurve: 'P-384' })
        : alg === 'EdDSA'
          ? generateKeyPairSync('ed25519')
          : generateKeyPairSync('rsa', { modulusLength: 2048 })
    const keys = await parseKeySet('a.json', setOf({ ...(await exportJWK(pair.publicKey)), alg }))
    expect(keys).toMatchObject([{ kid: 'k', algorithm: alg }])
  })
})
