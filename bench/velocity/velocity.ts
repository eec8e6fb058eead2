import type { Redis } from 'ioredis'
import { connectRedis, redisReady } from '../../src/features/connection.redis.ts'
import { SluiceError } from '../../src/errors.ts'
import { startServers, type Servers } from '../../test/support/servers.ts'
import { describeMachine, readLoad } from '../machine.file.ts'
import { writeResults } from '../results.file.ts'
import { median } from '../statistics.ts'
import { entities, windows } from './contestant.ts'
import { contestantNames, type ContestantName } from './contestants.ts'
import { enter, type Entrant } from './entrant.redis.ts'
import { runRounds, type Line } from './line.ts'
import { lineTable } from './lineTable.ts'
import type { VelocityOptions } from './options.ts'

const say = (text: string): void => void process.stderr.write(`${text}\n`)

/** A script over a sorted set of a million takes seconds: nobody may take the server for dead. */
const silenceMs = 600_000

type Connections = ReadonlyMap<ContestantName, Redis>

/** A database for each contestant: what one keeps is never in another's tables. */
const connectAll = async (url: string): Promise<Connections> => {
  const connections = contestantNames.map((name, db) => {
    const onError = (error: Error): void => say(`${name}: ${error.message}`)
    return [name, connectRedis({ url: `${url}/${db}`, name: `bench:${name}`, onError, silenceMs })] as const
  })
  await Promise.all(connections.map(([, redis]) => redisReady(redis)))
  return new Map(connections)
}

/** Databases are emptied: only in a server that was started for this. @throws SluiceError USAGE */
const startRedis = async (): Promise<Servers> => {
  const servers = await startServers({ only: 'redis' })
  if (servers.pids.redis !== undefined) return servers
  await servers.close()
  throw new SluiceError('USAGE', 'this bench empties databases in a Redis of its own: unset SLUICE_REDIS_URL')
}

const slowest = (lines: readonly Line[], contestant: ContestantName, records: number): number =>
  Math.max(
    0,
    ...lines
      .filter((line) => line.contestant === contestant && line.records === records)
      .map(({ rounds }) => median(rounds.map(({ seconds, payments }) => seconds / payments)))
      .map((seconds) => (Number.isNaN(seconds) ? Infinity : seconds)),
  )

/** All contestants at one size of entities and batches; who would need longer than the limit for one batch sits out. */
const runLines = async (
  connections: Connections,
  records: number,
  batchSize: number,
  options: VelocityOptions,
  before: readonly Line[],
): Promise<readonly Line[]> => {
  const payers = Math.max(1, Math.floor(options.records / records))
  const entrants: Entrant[] = []
  for (const [name, redis] of connections) {
    if (!options.contestants.includes(name)) continue
    if (slowest(before, name, records) * batchSize > options.limitSeconds) continue
    entrants.push(await enter(name, redis, { payers, records }, options))
  }
  const rounds = await runRounds(entrants, payers, batchSize, options)
  const lines = options.contestants.map((contestant): Line => {
    const entrant = entrants.find(({ name }) => name === contestant)
    return {
      contestant,
      records,
      payers,
      batchSize,
      bytesPerEntity: entrant?.bytesPerEntity ?? NaN,
      heldBytesPerEntity: entrant?.heldBytesPerEntity() ?? NaN,
      rounds: rounds.get(contestant) ?? [],
    }
  })
  for (const { close } of entrants) await close()
  for (const redis of connections.values()) await redis.flushdb('SYNC')
  return lines
}

/** Measures all sizes, prints the medians and keeps every round in a file. */
export const velocityBench = async (options: VelocityOptions): Promise<void> => {
  const takenAt = new Date()
  const machine = describeMachine()
  const loadBefore = await readLoad()
  const servers = await startRedis()
  const lines: Line[] = []
  try {
    const connections = await connectAll(servers.redisUrl)
    for (const records of options.sizes)
      for (const batchSize of options.batches) {
        say(`entities of ${records.toLocaleString('en')} records, batches of ${batchSize}`)
        lines.push(...(await runLines(connections, records, batchSize, options, lines)))
      }
    for (const redis of connections.values()) redis.disconnect()
  } finally {
    await servers.close()
  }
  const results = { bench: 'velocity', takenAt, machine, loadBefore, options, entities, windows, lines }
  const file = await writeResults(results, takenAt)
  process.stdout.write(
    options.json
      ? `${JSON.stringify(results)}\n`
      : `${lineTable(lines)}\n${machine.cores} cores, ${machine.cpu}, ${machine.memoryGib} GiB, Node ${machine.node}; load before ${loadBefore}; all in ${file}\n`,
  )
}
