import { describe, expect, test } from 'vitest'
import { createAdapters } from '../../../src/attestation/adapters.ts'
import { createReadReports, type Arrived } from '../../../src/attestation/readReports.ts'
import type { DeviceReport, HealthDocument, SignalReading } from '../../../src/domain/deviceHealth.ts'
import { SluiceError } from '../../../src/errors.ts'
import { standingOf } from '../../../src/features/attestationRecord.ts'
import { deviceStateOf, mergeReport } from '../../../src/features/deviceState.ts'
import { createMemoryUsedOnce } from '../../../src/features/usedOnce.memory.ts'
import { appAttestDocument, appId, createPhone } from '../../support/attestation/appAttest.ts'
import { createAttester } from '../../support/attestation/attester.ts'
import {
  appName,
  playIntegrityDocument,
  reportWith,
  sdkClaims,
  sdkDocument,
  securityCenterDocument,
} from '../../support/attestation/documents.ts'
import { limits, tokenDeps } from '../../support/attestation/ring.ts'

const arrivedAt = Date.UTC(2026, 5, 1, 12)
const lifeMs = 86_400_000
const named = { deviceId: 'dev-1', reportId: 'rep-1' }

const sdk = await createAttester('https://sdk.example', ['SDK_REPORT'])
const enroller = await createAttester('https://enrol.example', ['ENROLMENT'])
const deps = await tokenDeps(sdk, enroller)
const adapters = createAdapters([appName, appId], deps)

const reader = () => {
  const unexpected: unknown[] = []
  const usedOnce = createMemoryUsedOnce()
  const onUnexpected = (error: unknown): void => void unexpected.push(error)
  return { read: createReadReports({ adapters, usedOnce, lifeMs, onUnexpected }), unexpected }
}

const arrived = (report: DeviceReport, owner = 'device-health 0 1', at = arrivedAt): Arrived => ({
  report,
  owner,
  arrivedAt: at,
})

const own = (state: SignalReading['state'], signal: SignalReading['signal'] = 'OVERLAY'): SignalReading => ({
  signal,
  state,
  source: 'app',
  attested: false,
  observedAt: arrivedAt,
  expiresAt: arrivedAt + 1,
})

const withOwn = (document: HealthDocument | null): DeviceReport => ({
  ...reportWith(named, arrivedAt, document),
  platform: 'ANDROID',
  osVersion: '14',
  readings: [own('HEALTHY'), own('UNHEALTHY', 'SMS_READER')],
})

describe('a report', () => {
  test.each(['osVersion', 'patchLevel', 'appVersion'])(
    'whose signed %s is a card number proves nothing, and the number goes no further',
    async (claim) => {
      const body = await sdk.sign(
        'device-health+jwt',
        { ...sdkClaims(named), [claim]: '4111 1111 1111 1111' },
        arrivedAt,
      )
      const [result] = await reader().read([arrived(withOwn({ format: 'SDK_REPORT', body }))])
      expect(result?.document).toEqual({ format: 'SDK_REPORT', result: 'FAILED', flaw: 'CLAIM' })
      expect(JSON.stringify(result)).not.toContain('4111')
    },
  )

  test('that hides a card number behind an escape is not read', async () => {
    const body = String.raw`{"lastSyncDateTime":"2026-05-31T12:00:00Z","osVersion":"\u0034111111111111111"}`
    const [result] = await reader().read([arrived(withOwn({ format: 'GRAPH_MANAGED_DEVICE', body }))])
    expect(result?.document).toMatchObject({ result: 'UNREADABLE', flaw: 'CLAIM' })
    expect(JSON.stringify(result)).not.toContain('4111')
  })

  test('without a document is what it says', async () => {
    const { document: _, ...health } = withOwn(null)
    expect(await reader().read([arrived(withOwn(null))])).toEqual([{ health, document: null }])
  })

  test('with a proof says both, and is verified until that ends', async () => {
    const [read] = await reader().read([
      arrived(withOwn(await sdkDocument(sdk, named, arrivedAt, ['FIREWALL']))),
    ])
    expect(read?.document).toEqual({ format: 'SDK_REPORT', result: 'VERIFIED', flaw: null })
    expect(read?.health).toMatchObject({ platform: 'ANDROID', osVersion: '15' })
    expect(read?.health.evidence).toEqual({
      finding: 'VERIFIED',
      at: arrivedAt,
      expiresAt: arrivedAt + lifeMs,
    })
    expect(read?.health.readings).toContainEqual(own('HEALTHY'))
    expect(read?.health.readings).toContainEqual({
      signal: 'FIREWALL',
      state: 'UNHEALTHY',
      source: 'sluice-sdk',
      attested: true,
      observedAt: arrivedAt,
      expiresAt: arrivedAt + lifeMs,
    })
  })

  test("with somebody's word is no evidence", async () => {
    const [read] = await reader().read([arrived(withOwn(securityCenterDocument({ firewall: 'POOR' })))])
    expect(read?.document?.result).toBe('SELF_REPORTED')
    expect(read?.health.evidence).toBeUndefined()
    expect(read?.health.readings.at(0)).toEqual(own('HEALTHY'))
  })

  test.each<[string, HealthDocument | Promise<HealthDocument>, string, string]>([
    ['too old', playIntegrityDocument(named, arrivedAt - limits.maxAgeMs - 1), 'EXPIRED', 'TOO_OLD'],
    ['forged', { format: 'SDK_REPORT', body: 'a.b.c' }, 'FAILED', 'MALFORMED'],
    [
      "another device's",
      playIntegrityDocument({ ...named, deviceId: 'dev-2' }, arrivedAt),
      'FAILED',
      'OTHER_DEVICE',
    ],
  ])('with a proof that is %s keeps only what is bad of it', async (_, document, finding, flaw) => {
    const given = await document
    const [read] = await reader().read([arrived(withOwn(given))])
    expect(read?.document).toEqual({ format: given.format, result: finding, flaw })
    expect(read?.health).toMatchObject({
      platform: 'UNKNOWN',
      osVersion: null,
      readings: [own('UNHEALTHY', 'SMS_READER')],
      evidence: { finding, at: arrivedAt },
    })
  })

  test('whose proof fails vouches for nothing else, so that what it says of itself cannot hide that', async () => {
    const vouched = { ...own('UNHEALTHY', 'SCREEN_LOCK'), attested: true, observedAt: arrivedAt + 1 }
    const report = { ...withOwn({ format: 'SDK_REPORT', body: 'a.b.c' }), readings: [vouched] }
    const [read] = await reader().read([arrived(report)])
    if (read === undefined) throw new Error('no report')
    const state = deviceStateOf('dev-1', mergeReport(null, read.health))
    expect(standingOf(state, arrivedAt + 2)).toMatchObject({ failed: true, missing: false })
    expect(read.health.readings).toEqual([{ ...vouched, attested: false }])
  })

  test('that brings the versions of an earlier day does not take a later one back', async () => {
    const dayMs = 86_400_000
    const earlier = { ...withOwn(null), observedAt: arrivedAt - dayMs, osVersion: '15' }
    const body = {
      lastSyncDateTime: new Date(arrivedAt - 7 * dayMs).toISOString(),
      operatingSystem: 'Android',
      osVersion: '13',
      androidSecurityPatchLevel: '2026-01-01',
    }
    const document = { format: 'GRAPH_MANAGED_DEVICE', body: JSON.stringify(body) } as const
    const [own, managed] = await reader().read([
      arrived(earlier, 'a', arrivedAt - dayMs),
      arrived(reportWith(named, arrivedAt, document), 'b'),
    ])
    if (own === undefined || managed === undefined) throw new Error('no report')
    const state = deviceStateOf('dev-1', mergeReport(mergeReport(null, own.health), managed.health))
    expect(state).toMatchObject({ osVersion: '15', patchLevel: '2026-01-01', observedAt: arrivedAt })
  })

  test.each<[string, HealthDocument]>([
    ['in words that nobody knows', { format: 'UNKNOWN', body: 'x' }],
    ['that proves nothing anyway and is broken', { format: 'GRAPH_MANAGED_DEVICE', body: '{' }],
  ])('with a document %s is its own word', async (_, document) => {
    const [read] = await reader().read([arrived(withOwn(document))])
    expect(read?.document).toEqual({ format: document.format, result: 'UNREADABLE', flaw: 'MALFORMED' })
    expect(read?.health.evidence).toBeUndefined()
    expect(read?.health.readings).toHaveLength(2)
  })
})

describe('a proof that comes again', () => {
  test('is a replay, in one batch and later, for this device and for another', async () => {
    const { read } = reader()
    const document = playIntegrityDocument(named, arrivedAt)
    const first = arrived(withOwn(document), 'device-health 0 1')
    const results = await read([first, arrived(withOwn(document), 'device-health 0 2')])
    expect(results.map((each) => each.document?.result)).toEqual(['VERIFIED', 'REPLAYED'])
    const [later] = await read([arrived(withOwn(document), 'device-health 1 1')])
    expect(later?.health).toMatchObject({
      evidence: { finding: 'REPLAYED' },
      readings: [own('UNHEALTHY', 'SMS_READER')],
    })
  })

  test('is none where its record is delivered again', async () => {
    const { read } = reader()
    const first = arrived(withOwn(await sdkDocument(sdk, named, arrivedAt)))
    expect(await read([first])).toEqual(await read([first]))
  })

  test('is a replay where a counter has not risen', async () => {
    const { read } = reader()
    const phone = await createPhone(enroller, 'dev-1', arrivedAt - 1_000)
    const at = (counter: number, owner: string) =>
      arrived(withOwn(appAttestDocument(phone, named, arrivedAt, counter)), owner)
    const results = await read([at(7, 'a'), at(6, 'b'), at(8, 'c'), at(7, 'd')])
    expect(results.map((each) => each.document?.result)).toEqual([
      'VERIFIED',
      'REPLAYED',
      'VERIFIED',
      'REPLAYED',
    ])
  })
})

test('nothing is decided while it is not known what was used', async () => {
  const away = new SluiceError('REDIS_UNAVAILABLE', 'away', { retriable: true })
  const read = createReadReports({
    adapters,
    usedOnce: { claim: () => Promise.reject(away) },
    lifeMs,
    onUnexpected: () => undefined,
  })
  await expect(read([arrived(withOwn(null))])).rejects.toBe(away)
})

test('an adapter that breaks is told of, and its document proves nothing', async () => {
  const unexpected: unknown[] = []
  const read = createReadReports({
    adapters: { ...adapters, CAEP: () => Promise.reject(new TypeError('broken')) },
    usedOnce: createMemoryUsedOnce(),
    lifeMs,
    onUnexpected: (error) => void unexpected.push(error),
  })
  const [result] = await read([arrived(withOwn({ format: 'CAEP', body: '' }))])
  expect(result?.document).toEqual({ format: 'CAEP', result: 'FAILED', flaw: 'MALFORMED' })
  expect(unexpected).toHaveLength(1)
})
