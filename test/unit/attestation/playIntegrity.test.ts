import { describe, expect, test } from 'vitest'
import { isFlawed } from '../../../src/attestation/opened.ts'
import { createPlayIntegrity } from '../../../src/attestation/playIntegrity.ts'
import { appName, playIntegrityDocument, type VerdictOptions } from '../../support/attestation/documents.ts'
import { limits } from '../../support/attestation/ring.ts'

const arrivedAt = Date.UTC(2026, 5, 1, 12)
const named = { deviceId: 'dev-1', reportId: 'rep-1' }
const context = { ...named, observedAt: arrivedAt, arrivedAt }
const read = createPlayIntegrity([appName], limits)

const signalsOf = async (options: VerdictOptions) => {
  const opened = await read(playIntegrityDocument(named, arrivedAt, options).body, context)
  if (isFlawed(opened)) throw new Error(opened.flaw)
  return Object.fromEntries(opened.signals.map(({ signal, healthy }) => [signal, healthy]))
}

describe('a verdict of Play Integrity', () => {
  test('of a whole device', async () => {
    const { body } = playIntegrityDocument(named, arrivedAt)
    expect(await read(body, context)).toMatchObject({
      source: 'play-integrity',
      observedAt: arrivedAt,
      platform: 'ANDROID',
      osVersion: '15',
    })
    expect(await signalsOf({})).toEqual({
      SYSTEM_INTEGRITY: true,
      ANTIVIRUS: true,
      SCREEN_CAPTURE: true,
      OVERLAY: true,
      REMOTE_ACCESS: true,
    })
  })

  test.each([
    [['MEETS_STRONG_INTEGRITY'], true],
    [['MEETS_BASIC_INTEGRITY'], false],
    [['MEETS_VIRTUAL_INTEGRITY'], false],
    [[], false],
  ] as const)('with %j is genuine: %s', async (labels, genuine) => {
    expect(await signalsOf({ labels })).toMatchObject({ SYSTEM_INTEGRITY: genuine })
  })

  test.each([
    ['NO_ISSUES', true],
    ['NO_DATA', undefined],
    ['constructor', undefined],
    ['POSSIBLE_RISK', false],
    ['MEDIUM_RISK', false],
    ['HIGH_RISK', false],
    ['UNEVALUATED', undefined],
    ['A_NEW_WORD', undefined],
  ])('where Play Protect says %s', async (protect, healthy) => {
    expect((await signalsOf({ protect }))['ANTIVIRUS']).toBe(healthy)
  })

  test.each([
    ['KNOWN_CAPTURING', 'SCREEN_CAPTURE'],
    ['UNKNOWN_OVERLAYS', 'OVERLAY'],
    ['UNKNOWN_CONTROLLING', 'REMOTE_ACCESS'],
  ])('with an app that is %s', async (app, signal) => {
    expect((await signalsOf({ apps: ['UNKNOWN_INSTALLED', app] }))[signal]).toBe(false)
  })

  test.each([
    ['is no JSON', '{', 'MALFORMED'],
    ['is no verdict', '{"requestDetails":{}}', 'MALFORMED'],
    [
      'is of another device',
      playIntegrityDocument({ ...named, deviceId: 'dev-2' }, arrivedAt).body,
      'OTHER_DEVICE',
    ],
    [
      'is of another report',
      playIntegrityDocument({ ...named, reportId: 'rep-2' }, arrivedAt).body,
      'OTHER_DEVICE',
    ],
    [
      'is of another app',
      playIntegrityDocument(named, arrivedAt).body.replaceAll(appName, 'com.example.other'),
      'APP',
    ],
    ['is too old', playIntegrityDocument(named, arrivedAt - limits.maxAgeMs - 1).body, 'TOO_OLD'],
    [
      'is from the future',
      playIntegrityDocument(named, arrivedAt + limits.toleranceMs + 1).body,
      'FROM_THE_FUTURE',
    ],
  ])('that %s proves nothing', async (_, body, flaw) => {
    expect(await read(body, context)).toEqual({ flaw })
  })

  test('is believed up to its age', async () => {
    const { body } = playIntegrityDocument(named, arrivedAt - limits.maxAgeMs)
    expect(isFlawed(await read(body, context))).toBe(false)
  })
})
