import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createReportNotices } from '../../../src/compose/noticesOfReports.ts'
import type { PatchOf } from '../../../src/compose/patches.ts'
import { worseningsOf } from '../../../src/compose/worsenings.ts'
import type { DeviceHealth, DeviceSignal, SignalState } from '../../../src/domain/deviceHealth.ts'
import type { NoticeDraft } from '../../../src/domain/notice.ts'
import { mergeReport, type DeviceMemory } from '../../../src/features/deviceState.ts'

const now = 1_000_000
const dayMs = 86_400_000

const report = (
  reportId: string,
  at: number,
  states: Partial<Record<DeviceSignal, SignalState>>,
  deviceId = 'dev-1',
  lastsMs = dayMs,
): DeviceHealth => ({
  reportId,
  deviceId,
  observedAt: at,
  platform: 'WINDOWS',
  osVersion: null,
  patchLevel: null,
  appVersion: null,
  readings: Object.entries(states).map(([signal, state]) => ({
    signal: signal as DeviceSignal,
    state,
    source: 'app',
    attested: false,
    observedAt: at,
    expiresAt: at + lastsMs,
  })),
})
const after = (...reports: readonly DeviceHealth[]): DeviceMemory | null =>
  reports.reduce<DeviceMemory | null>((known, each) => mergeReport(known, each), null)

describe('what got worse with a device', () => {
  const off = report('off', 20, { FIREWALL: 'UNHEALTHY' })
  const told = { signal: 'FIREWALL', reportId: 'off', at: 20 }

  it.each<[string, DeviceMemory | null, readonly DeviceHealth[], readonly unknown[]]>([
    ['went off', after(report('on', 10, { FIREWALL: 'HEALTHY' })), [off], [told]],
    ['was never said to be on', null, [off], [told]],
    ['was not known', after(report('?', 10, { FIREWALL: 'UNKNOWN' })), [off], [told]],
    ['was off already', after(report('was', 10, { FIREWALL: 'UNHEALTHY' })), [off], []],
    [
      'was off, and that had expired',
      after(report('was', 10, { FIREWALL: 'UNHEALTHY' }, 'dev-1', 5)),
      [off],
      [told],
    ],
    ['went on', after(off), [report('on', 30, { FIREWALL: 'HEALTHY' })], []],
    ['went off and on again', null, [off, report('on', 30, { FIREWALL: 'HEALTHY' })], []],
    ['an older report says so', after(report('on', 30, { FIREWALL: 'HEALTHY' })), [off], []],
    ['said twice', null, [off, report('again', 30, { FIREWALL: 'UNHEALTHY' })], [told]],
    ['has expired by now', null, [report('short', 20, { FIREWALL: 'UNHEALTHY' }, 'dev-1', 5)], []],
    ['nothing is said of it', after(off), [report('other', 30, { ANTIVIRUS: 'HEALTHY' })], []],
  ])('%s', (_, before, reports, expected) => {
    expect(worseningsOf(before, reports, now)).toEqual(expected)
  })

  it('is the same however the reports are cut into batches, as far as it lasts', () => {
    const anyState = fc.constantFrom<SignalState>('HEALTHY', 'UNHEALTHY', 'UNKNOWN')
    const anyReport = fc.record({ at: fc.integer({ min: 1, max: 30 }), firewall: anyState, sim: anyState })
    fc.assert(
      fc.property(fc.array(anyReport, { maxLength: 12 }), fc.nat(12), (all, cut) => {
        const reports = all.map(({ at, firewall, sim }, n) =>
          report(`r${n}`, at, { FIREWALL: firewall, SIM_CHANGE: sim }),
        )
        const whole = worseningsOf(null, reports, now)
        const first = reports.slice(0, cut)
        const parts = [
          ...worseningsOf(null, first, now),
          ...worseningsOf(after(...first), reports.slice(cut), now),
        ]
        for (const each of whole) expect(parts).toContainEqual(each)
      }),
    )
  })
})

describe('notices of reports', () => {
  const open = (
    accounts: readonly string[],
    known: DeviceMemory | null = null,
    patchOf: PatchOf = () => null,
  ) => {
    const drafts: NoticeDraft[] = []
    const asked: string[] = []
    const tell = createReportNotices({
      readDevices: (ids) => {
        asked.push(...ids)
        return Promise.resolve(ids.map(() => known))
      },
      recentAccounts: { read: () => Promise.resolve(accounts) },
      flush: () => Promise.resolve(),
      tellOnce: (some) => {
        drafts.push(...some)
        return Promise.resolve()
      },
      now: () => now,
      patchOf,
    })
    return { tell, drafts, asked }
  }

  it('go to the accounts that used the device lately, five at most, or to the device', async () => {
    const off = report('off', 20, { FIREWALL: 'UNHEALTHY' })
    const toNobody = open([])
    await toNobody.tell([off])
    expect(toNobody.drafts).toMatchObject([{ recipient: 'dev-1', accountId: '', moment: 'BEFORE' }])
    const toMany = open(['a', 'b', 'c', 'd', 'e', 'f'])
    await toMany.tell([off])
    expect(toMany.drafts.map(({ recipient }) => recipient)).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect(toMany.drafts[0]).toMatchObject({ accountId: 'a', deviceId: 'dev-1', cause: 'off' })
  })

  it('ask nothing of Redis while all devices are well', async () => {
    const { tell, asked, drafts } = open([])
    await tell([report('on', 10, { FIREWALL: 'HEALTHY' })])
    expect([asked, drafts]).toEqual([[], []])
  })

  it('are of each device by itself', async () => {
    const { tell, drafts } = open([])
    await tell([
      report('a', 10, { FIREWALL: 'UNHEALTHY' }, 'dev-1'),
      report('b', 10, { SIM_CHANGE: 'UNHEALTHY', REMOTE_ACCESS: 'UNHEALTHY' }, 'dev-2'),
    ])
    expect(drafts.map(({ recipient, code }) => `${recipient} ${code}`).toSorted()).toEqual([
      'dev-1 TURN_FIREWALL_ON',
      'dev-2 CALL_OPERATOR',
      'dev-2 END_REMOTE_SESSION',
    ])
  })

  describe('of a version with an exploited hole', () => {
    const old: PatchOf = ({ osVersion }) => (osVersion === '17.4.0' ? { fixedVersion: '17.4.1' } : null)
    const iphone = (reportId: string, at: number, osVersion: string | null): DeviceHealth => ({
      ...report(reportId, at, {}),
      platform: 'IOS',
      osVersion,
    })

    it('name the version to update to, which is the matter that is told once', async () => {
      const { tell, drafts } = open(['acc-1'], null, old)
      await tell([iphone('r', 10, '17.4.0')])
      expect(drafts).toMatchObject([
        {
          code: 'UPDATE_SYSTEM',
          recipient: 'acc-1',
          deviceId: 'dev-1',
          moment: 'BEFORE',
          actionEn: 'Update iOS on this device to 17.4.1 or later.',
          subject: 'dev-1 17.4.1',
          cause: 'r',
        },
      ])
    })

    it.each([
      ['that was updated since', null, [iphone('a', 10, '17.4.0'), iphone('b', 20, '17.4.1')]],
      ['that an older report tells of', after(iphone('b', 20, '17.4.1')), [iphone('a', 10, '17.4.0')]],
      ['of which the report says nothing', after(iphone('b', 20, '17.4.0')), [iphone('a', 30, null)]],
    ])('not of one %s', async (_, known, reports) => {
      const { tell, drafts } = open([], known, old)
      await tell(reports)
      expect(drafts).toEqual([])
    })
  })
})
