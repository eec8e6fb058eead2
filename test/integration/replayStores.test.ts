import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { run as simulate } from '../../src/commands/simulate.ts'
import { runCommand } from '../support/command.ts'
import { everyFeature } from '../support/everyFeature.ts'
import { startServers, type Servers } from '../support/servers.ts'

let servers: Servers
let folder: string
const at = (name: string): string => join(folder, name)

beforeAll(async () => {
  servers = await startServers({ only: 'redis' })
  folder = await mkdtemp(join(tmpdir(), 'sluice-replay-'))
  const size = ['--accounts', '40', '--days', '6', '--fraud-scale', '10']
  await simulate(['--seed', '3', ...size, '--out', at('world'), '--json'])
})
afterAll(async () => {
  await servers.close()
  await rm(folder, { recursive: true })
})

const outcomes = ['ALLOW', 'ALLOW', 'STEP_UP', 'BLOCK'] as const

/** Clocks that are behind and ahead, and what was decided, which the simulator does not say. */
const addToWorld = async (): Promise<void> => {
  const csv = gunzipSync(await readFile(at('world/payments.csv.gz'))).toString()
  const [header = '', ...rows] = csv.trimEnd().split('\n')
  const occurredAt = header.split(',').indexOf('occurredAt')
  const stamped = rows.map((row, i) => `${row},${Number(row.split(',')[occurredAt]) + ((i % 7) - 1) * 500}`)
  await writeFile(at('payments.csv'), `${[`${header},recordTimestamp`, ...stamped].join('\n')}\n`)
  // Of every eleventh payment nothing is known.
  const decisions = rows.flatMap((row, i) =>
    i % 11 === 0 ? [] : [`${row.split(',')[0]},${outcomes[i % outcomes.length]}`],
  )
  await writeFile(at('decisions.csv'), `${['paymentId,outcome', ...decisions].join('\n')}\n`)
}

const replayIn = async (store: 'memory' | 'redis'): Promise<readonly string[]> => {
  const out = at(`${store}.csv`)
  const { code, err } = await runCommand(
    [
      'replay',
      `--store=${store}`,
      `--out=${out}`,
      `--features=@${at('features.txt')}`,
      `--payments=${at('payments.csv')}`,
      `--decisions=${at('decisions.csv')}`,
      `--feedback=${at('world/feedback.csv.gz')}`,
      `--account-events=${at('world/account-events.csv.gz')}`,
      `--device-health=${at('world/device-health.ndjson.gz')}`,
    ],
    { SLUICE_REDIS_URL: servers.redisUrl },
  )
  expect({ code, err }).toEqual({ code: 0, err: '' })
  return (await readFile(out, 'utf8')).trimEnd().split('\n')
}

test('a replay from Redis gives every feature of the catalogue as one from memory does, row by row', async () => {
  await addToWorld()
  const names = everyFeature(['1h', '3d', '3d@1d'])
  await writeFile(at('features.txt'), `${names.join('\n')}\n`)
  const inMemory = await replayIn('memory')
  const inRedis = await replayIn('redis')
  expect(inRedis.length).toBe(inMemory.length)
  const different = inRedis.findIndex((row, i) => row !== inMemory[i])
  expect([inRedis[different], different]).toEqual([inMemory[different], -1])

  // What is compared says something: outcomes, labels, events and devices are in it.
  const columns = (inMemory[0] ?? '').split(',')
  const values = inMemory.slice(1).map((row) => row.split(','))
  for (const name of [
    'account.blocked_count.3d',
    'account.accepted_count.3d',
    'account.fraud_count.3d',
    'account.login_failed.3d',
    'device.health.screen_lock',
    'payment.clock_skew',
  ])
    expect(new Set(values.map((row) => row[columns.indexOf(name)])).size, name).toBeGreaterThan(1)
}, 120_000)
