#!/usr/bin/env node
// A real Kafka and a real Redis for as long as standard input stays open.
//
// usage: node scripts/servers.mjs [--kafka] [--redis] [--brokers N] [--dir FOLDER] [--secure FOLDER] [--behind PORT]
//
// Prints one line of JSON when both answer: {"brokers","redisUrl","pids":{"kafka","redis"}}.
// With --secure Kafka asks everybody who he is (scripts/servers/secure.mjs says what the folder holds), and Redis
// speaks TLS only; "mutualBrokers" is where Kafka wants certificates in the place of passwords.
// With --behind Kafka listens once more and names PORT of this machine there as its own: whoever asks through what
// listens on PORT is sent through it for everything. "behindPort" is where it expects what comes that way.
// Then obeys lines such as "stop redis": stop, start, kill, pause, resume of kafka or redis, and answers each with
// {"done":"stop redis","pid":N} once it is so, or {"failed":"stop redis","reason":"..."}. "empty redis" takes the data
// of a Redis that does not run. With several brokers, of which one may be lost, they are called kafka-1, kafka-2 ...
// SLUICE_KAFKA_BROKERS and SLUICE_REDIS_URL name servers that exist: those are used, and nothing is started for them.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { killAll } from './servers/child.mjs'
import { prepareKafka, prepareKafkaCluster } from './servers/kafka.mjs'
import { prepareRedis } from './servers/redis.mjs'
import { startAllAnew, startAnew } from './servers/server.mjs'

const { values: options } = parseArgs({
  options: {
    kafka: { type: 'boolean' },
    redis: { type: 'boolean' },
    brokers: { type: 'string', default: '1' },
    dir: { type: 'string' },
    secure: { type: 'string' },
    behind: { type: 'string' },
  },
})
const brokerCount = Number(options.brokers)
if (!Number.isInteger(brokerCount) || brokerCount < 1)
  throw new TypeError(`--brokers: expected a whole number above 0, got ${options.brokers}`)
if (brokerCount > 1 && options.secure !== undefined)
  throw new TypeError('--brokers: expected 1 with --secure')
const behind = options.behind === undefined ? undefined : Number(options.behind)
if (behind !== undefined && (!Number.isInteger(behind) || brokerCount > 1 || options.secure !== undefined))
  throw new TypeError('--behind: expected a port, one broker and no --secure')
const both = !options.kafka && !options.redis
const wanted = { kafka: both || options.kafka, redis: both || options.redis }
const given = { kafka: process.env.SLUICE_KAFKA_BROKERS, redis: process.env.SLUICE_REDIS_URL }
const prepare = { kafka: prepareKafka, redis: prepareRedis }

const folder = options.dir ? resolve(options.dir) : mkdtempSync(join(tmpdir(), 'sluice-servers-'))
mkdirSync(folder, { recursive: true })

const servers = {}
let ending = false

const end = async (exitCode) => {
  if (ending) return
  ending = true
  if (options.dir !== undefined) await Promise.all(Object.values(servers).map((server) => server.stop()))
  await killAll()
  if (options.dir === undefined) rmSync(folder, { recursive: true, force: true })
  process.exit(exitCode)
}

const addresses = { ...given }

const startOne = async (name) => {
  if (!wanted[name] || given[name]) return
  const started =
    name === 'kafka' && brokerCount > 1
      ? await startAllAnew(() => prepareKafkaCluster(folder, brokerCount))
      : [await startAnew(() => prepare[name](folder, options.secure, behind))]
  for (const server of started) servers[server.name] = server
  addresses[name] = started.map(({ address }) => address).join()
}

const obey = async (line) => {
  const [verb, name] = line.split(' ')
  const act = servers[name]?.act[verb]
  if (!act) throw new Error(servers[name] ? `no such command: ${verb}` : `not started here: ${name}`)
  await act()
  return servers[name].pid()
}

const say = (message) => process.stdout.write(`${JSON.stringify(message)}\n`)

process.on('SIGTERM', () => void end(0))
process.on('SIGINT', () => void end(0))
process.stdout.on('error', () => void end(1))

// Listening before the start: a caller that goes away meanwhile is noticed, and an early command waits its turn.
const lines = createInterface({ input: process.stdin })
lines.on('close', () => void end(0))

let turn = Promise.allSettled(['kafka', 'redis'].map(startOne)).then(async (results) => {
  const failed = results.find(({ status }) => status === 'rejected')
  if (failed) {
    process.stderr.write(`${failed.reason.message}\n`)
    await end(1)
    return
  }
  const pids = Object.fromEntries(Object.entries(servers).map(([name, server]) => [name, server.pid()]))
  const address = (name) => (wanted[name] ? addresses[name] : undefined)
  say({
    brokers: address('kafka'),
    mutualBrokers: options.secure === undefined ? undefined : servers.kafka?.mutualAddress,
    behindPort: servers.kafka?.behindPort,
    redisUrl: address('redis'),
    pids,
  })
})

lines.on('line', (line) => {
  turn = turn.then(async () => {
    if (ending) return
    try {
      say({ done: line, pid: await obey(line) })
    } catch (error) {
      say({ failed: line, reason: error.message })
    }
  })
})
