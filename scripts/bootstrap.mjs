#!/usr/bin/env node
// What a fresh machine needs, in one command: npm packages, Redis, Kafka, libtensorflow, the compiled program.
// Run by `npm run demo`, `npm test` and `npm run bench` themselves; a second run finds everything there.
//
// SLUICE_CACHE          where fetched things are kept (default: sluice in the user's cache folder)
// SLUICE_KAFKA_BROKERS  a Kafka that exists: none is fetched
// SLUICE_REDIS_URL      a Redis that exists: none is installed
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from './bootstrap/build.mjs'
import { cacheFolder } from './bootstrap/cache.mjs'
import { installKafka } from './bootstrap/kafka.mjs'
import { installPackages } from './bootstrap/packages.mjs'
import { installRedis } from './bootstrap/redis.mjs'
import { say } from './bootstrap/say.mjs'
import { installTensorflow } from './bootstrap/tensorflow.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const cache = resolve(cacheFolder())
const oldestNode = 20

const prepare = async () => {
  const packages = installPackages(root)
  const installed = packages.then(
    () => true,
    () => false,
  )
  const results = await Promise.allSettled([
    packages.then(() => build(root)),
    process.env.SLUICE_REDIS_URL ? undefined : installRedis(cache),
    process.env.SLUICE_KAFKA_BROKERS ? undefined : installKafka(cache),
    installTensorflow(root, cache, installed),
  ])
  return results.filter(({ status }) => status === 'rejected').map(({ reason }) => reason.message)
}

const major = Number(process.versions.node.split('.')[0])
const problems =
  major < oldestNode ? [`Node ${oldestNode} or later is needed, this is ${process.version}`] : await prepare()
for (const problem of problems) say(`cannot go on: ${problem}`)
process.exit(problems.length === 0 ? 0 : 1)
