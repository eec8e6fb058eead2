import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { run as replay } from '../../../src/commands/replay.ts'
import { run as simulate } from '../../../src/commands/simulate.ts'

let folder = ''
const at = (name: string): string => join(folder, name)
const readGz = async (file: string): Promise<readonly string[]> =>
  gunzipSync(await readFile(file))
    .toString()
    .trimEnd()
    .split('\n')

let printed: string[] = []
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-commands-'))
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed.push(String(text))
    return true
  })
  await simulate([
    '--seed',
    '5',
    '--accounts',
    '50',
    '--days',
    '3',
    '--fraud-scale',
    '10',
    '--out',
    at('a'),
    '--json',
  ])
})
beforeEach(() => {
  printed = []
})
afterAll(async () => {
  vi.restoreAllMocks()
  await rm(folder, { recursive: true })
})

const basic = (): readonly string[] => ['--payments', at('a/payments.csv.gz'), '--out', at('features.csv')]

describe('sluice simulate, then sluice replay', () => {
  test('the same options give the same files; labels are in their own', async () => {
    await simulate([
      '--seed',
      '5',
      '--accounts',
      '50',
      '--days',
      '3',
      '--fraud-scale',
      '10',
      '--out',
      at('b'),
      '--json',
    ])
    const told: unknown = JSON.parse(printed.join(''))
    const payments = await readGz(at('a/payments.csv.gz'))
    const labels = await readGz(at('a/labels.csv.gz'))
    expect(await readGz(at('b/payments.csv.gz'))).toEqual(payments)
    expect(await readGz(at('b/feedback.csv.gz'))).toEqual(await readGz(at('a/feedback.csv.gz')))
    expect(labels.length).toBe(payments.length)
    expect(told).toMatchObject({ payments: payments.length - 1 })
    expect(payments[0]).not.toContain('fraud')
    expect(labels[0]).toBe('paymentId,occurredAt,accountId,fraud,knownAt,scenario')
  })

  test('one row a payment in their order, one column a feature, what is unknown is empty', async () => {
    const features = 'account.count.24h,account.since_last,device.health.screen_lock'
    const more = ['--device-health', at('a/device-health.ndjson.gz'), '--feedback', at('a/feedback.csv.gz')]
    const events = ['--account-events', at('a/account-events.csv.gz')]
    expect(await replay([...basic(), ...more, ...events, '--features', features])).toBe(0)
    expect(printed.join('')).toContain('every payment counts as allowed')
    const rows = (await readFile(at('features.csv'), 'utf8')).trimEnd().split('\n')
    const payments = await readGz(at('a/payments.csv.gz'))
    expect(rows[0]).toBe(`paymentId,${features}`)
    expect(rows[1]).toMatch(/^pay-[a-z]+-\d+,1,,/)
    expect(rows.map((row) => row.split(',')[0])).toEqual(payments.map((row) => row.split(',')[0]))
  })

  test('a feature whose input is not given is an error', async () => {
    await expect(replay([...basic(), '--features', 'device.health.overlay'])).rejects.toMatchObject({
      code: 'USAGE',
    })
    for (const [feature, option] of [
      ['account.fraud_count.7d', '--feedback'],
      ['payee.since_fraud', '--feedback'],
      ['account.declined_count.7d', '--feedback'],
      ['account.stepup_failed.7d', '--feedback'],
      ['account.login_failed.1h', '--account-events'],
      ['device.since_password_changed', '--account-events'],
      ['account.blocked_count.7d', '--decisions'],
      ['device.vulnerability.exploited', '--device-health'],
      ['device.os.end_of_life', '--device-health'],
    ] as const)
      await expect(replay([...basic(), '--features', `account.count.1h,${feature}`])).rejects.toThrow(
        `feature ${feature} needs ${option} FILE`,
      )
    await expect(replay([...basic(), '--features', 'payment.clock_skew'])).rejects.toThrow('recordTimestamp')
    await expect(replay([...basic(), '--features', 'account.cuont.1h'])).rejects.toMatchObject({
      code: 'FEATURE_UNKNOWN',
    })
  })

  test('holes in the system of a device are known from the time that their record states', async () => {
    const needed = ['--features', 'device.vulnerability.count', '--device-health', at('reports.ndjson')]
    await expect(replay([...basic(), ...needed])).rejects.toThrow(
      'feature device.vulnerability.count needs --vulnerabilities FILE',
    )
    const columns = 'paymentId,occurredAt,amountMinor,currency,channel,method,accountId,deviceId'
    const paid = ['01', '02', '03'].map(
      (day) => `p${day},2026-01-${day}T12:00:00Z,1000,EUR,APP,TRANSFER,acc-1,dev-1`,
    )
    await writeFile(at('paid.csv'), `${[columns, ...paid].join('\n')}\n`)
    const report = { reportId: 'r1', deviceId: 'dev-1', observedAt: Date.UTC(2026, 0, 1), platform: 'IOS' }
    await writeFile(
      at('reports.ndjson'),
      `${JSON.stringify({ ...report, osVersion: '18.1', readings: [] })}\n`,
    )
    const affected = [
      { platform: 'IOS', versionScheme: 'DOTTED', introduced: null, fixed: '18.2', lastAffected: null },
    ]
    const published = (cveId: string, day: number) =>
      JSON.stringify({ cveId, affected, publishedAt: Date.UTC(2026, 0, day) })
    // Not in the order in which they were known.
    await writeFile(
      at('holes.ndjson'),
      `${published('CVE-2026-1001', 3)}\n${published('CVE-2026-1000', 2)}\n`,
    )
    const files = ['--payments', at('paid.csv'), '--out', at('features.csv')]
    await replay([...files, ...needed, '--vulnerabilities', at('holes.ndjson')])
    expect(await readFile(at('features.csv'), 'utf8')).toBe(
      'paymentId,device.vulnerability.count\np01,0\np02,1\np03,2\n',
    )
    await writeFile(at('holes.ndjson'), `${JSON.stringify({ cveId: 'CVE-2026-1000', affected })}\n`)
    await expect(replay([...files, ...needed, '--vulnerabilities', at('holes.ndjson')])).rejects.toThrow(
      'line 1: expected recordTimestamp, publishedAt or another time',
    )
  })

  test('decisions say who was allowed; a payment without one was not', async () => {
    const [, first = ''] = await readGz(at('a/payments.csv.gz'))
    await writeFile(at('decisions.csv'), `paymentId,outcome\n${first.split(',')[0]},BLOCK\n`)
    await replay([
      ...basic(),
      '--features',
      'account.accepted_count.7d',
      '--decisions',
      at('decisions.csv'),
      '--json',
    ])
    const rows = (await readFile(at('features.csv'), 'utf8')).trimEnd().split('\n').slice(1)
    expect(new Set(rows.map((row) => row.split(',')[1]))).toEqual(new Set(['0']))
    expect(JSON.parse(printed.join(''))).toMatchObject({ allCountAsAllowed: false, payments: rows.length })
  })

  test('another currency is known by the rate of its time', async () => {
    const columns = 'paymentId,occurredAt,amountMinor,currency,channel,method,accountId'
    const at = (day: string, id: string, currency: string): string =>
      `${id},2024-01-${day},1000,${currency},APP,TRANSFER,acc-1`
    const lines = [at('01', 'p1', 'USD'), at('02', 'p2', 'USD'), at('03', 'p3', 'USD'), at('04', 'p4', 'CHF')]
    await writeFile(join(folder, 'abroad.csv'), `${[columns, ...lines].join('\n')}\n`)
    await writeFile(
      join(folder, 'rates.csv'),
      'currency,validFrom,baseUnits\nUSD,2024-01-02,0.9\nUSD,2024-01-03,0.8\n',
    )
    const call = ['--payments', join(folder, 'abroad.csv'), '--out', join(folder, 'abroad-features.csv')]
    const features = ['--features', 'payment.amount,account.sum.24h']
    await replay([...call, ...features, '--rates', join(folder, 'rates.csv'), '--json'])
    expect(await readFile(join(folder, 'abroad-features.csv'), 'utf8')).toBe(
      'paymentId,payment.amount,account.sum.24h\np1,,\np2,900,900\np3,800,800\np4,,\n',
    )
    expect(JSON.parse(printed.join(''))).toMatchObject({ degraded: { rates: 2 } })
    await expect(replay([...call, ...features, '--rates', join(folder, 'none.csv')])).rejects.toMatchObject({
      code: 'FILE_INVALID',
    })
  })

  test('a payment sees what came before it, also where that came after it occurred', async () => {
    const second = (n: number): string => `2024-01-01T12:00:0${n}Z`
    await writeFile(
      at('late.csv'),
      `paymentId,occurredAt,recordTimestamp,amountMinor,currency,channel,method,accountId
p1,${second(2)},${second(5)},1000,EUR,APP,TRANSFER,acc-1
p2,${second(3)},${second(8)},1000,EUR,APP,TRANSFER,acc-1
`,
    )
    await writeFile(
      at('events.csv'),
      `eventId,occurredAt,recordTimestamp,kind,accountId
e1,${second(1)},${second(4)},LOGIN_FAILED,acc-1
e2,${second(2)},${second(6)},LOGIN_FAILED,acc-1
`,
    )
    const files = ['--payments', at('late.csv'), '--account-events', at('events.csv')]
    await replay([...files, '--out', at('late.out'), '--features', 'account.login_failed.1h', '--json'])
    expect(await readFile(at('late.out'), 'utf8')).toBe('paymentId,account.login_failed.1h\np1,1\np2,2\n')
  })

  test.each([
    [['--features', 'payment.amount']],
    [['--payments', 'x', '--out', 'y', '--features', 'a.b,a.b']],
    [['--payments', 'x', '--out', 'y', '--features', 'payment.amount', '--store', 'disk']],
  ])('wrong call %j', async (args) => {
    await expect(replay(args)).rejects.toMatchObject({ code: 'USAGE' })
  })

  test('wrong numbers of a world are usage errors', async () => {
    await expect(simulate(['--out', at('c'), '--days', 'x'])).rejects.toMatchObject({ code: 'USAGE' })
    await expect(simulate(['--out', at('c'), '--accounts', '0'])).rejects.toMatchObject({ code: 'USAGE' })
    await expect(simulate([])).rejects.toMatchObject({ code: 'USAGE' })
  })
})
