import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { kafkaJarsFolder } from '../bootstrap/cache.mjs'
import { javaCommand } from '../bootstrap/checks.mjs'
import { runToEnd, startChild } from './child.mjs'
import { asks, freePorts } from './ports.mjs'
import { connectMutual, readSecurity, scramArguments, secureSettings } from './secure.mjs'

/**
 * One Kafka node, broker and controller in one, on free loopback ports; an already formatted folder is used again.
 * @param secure the folder that `readSecurity` describes; without one it is open to all
 */
export const prepareKafka = async (folder, secure) => {
  const jars = kafkaJarsFolder()
  if (!existsSync(jars)) throw new Error(`no Kafka in ${jars}: run "node scripts/bootstrap.mjs" first`)
  const java = javaCommand()
  if (java === undefined) throw new Error('Kafka needs a Java: none in JAVA_HOME or on the PATH')
  const data = join(folder, 'kafka')
  mkdirSync(data, { recursive: true })
  const [port, controllerPort, mutualPort] = await freePorts(3)
  const security = secure === undefined ? undefined : readSecurity(secure)
  const properties = join(folder, 'server.properties')
  const logFile = join(folder, 'kafka.log')
  writeFileSync(
    properties,
    asProperties({
      ...settings({ port, controllerPort, data }),
      ...(security === undefined ? {} : secureSettings(security, { port, mutualPort, controllerPort })),
    }),
  )
  const classPath = ['-cp', join(jars, '*')]
  if (!existsSync(join(data, 'meta.properties'))) {
    const clusterId = randomBytes(16).toString('base64url')
    // An id may begin with a hyphen, and must not be taken for an option then.
    const format = [
      'kafka.tools.StorageTool',
      'format',
      `--cluster-id=${clusterId}`,
      '-c',
      properties,
      ...(security === undefined ? [] : scramArguments(security)),
    ]
    await runToEnd(java, ['-Xmx128m', '-XX:TieredStopAtLevel=1', ...classPath, ...format], { cwd: folder })
  }
  return {
    name: 'kafka',
    logFile,
    timeoutMs: 90_000,
    address: `127.0.0.1:${port}`,
    mutualAddress: `127.0.0.1:${mutualPort}`,
    launch: () =>
      startChild(java, ['-Xmx512m', ...classPath, 'kafka.Kafka', properties], { logFile, cwd: folder }),
    answers: () =>
      security === undefined
        ? asks(port, metadataRequest, namesABroker)
        : asks(mutualPort, metadataRequest, namesABroker, {
            open: () => connectMutual(security, mutualPort),
          }),
  }
}

const settings = ({ port, controllerPort, data }) => ({
  'process.roles': 'broker,controller',
  'node.id': 1,
  'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
  'controller.listener.names': 'CONTROLLER',
  listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
  'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
  'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
  'log.dirs': data,
  'auto.create.topics.enable': false,
  'log.message.timestamp.type': 'LogAppendTime',
  'group.initial.rebalance.delay.ms': 0,
  // One node: nothing can be replicated. Few partitions: it starts and restarts faster.
  'offsets.topic.replication.factor': 1,
  'offsets.topic.num.partitions': 4,
  'transaction.state.log.replication.factor': 1,
  'transaction.state.log.min.isr': 1,
  'transaction.state.log.num.partitions': 4,
  'share.coordinator.state.topic.replication.factor': 1,
  'share.coordinator.state.topic.min.isr': 1,
  'share.coordinator.state.topic.num.partitions': 4,
})

const asProperties = (entries) =>
  Object.entries(entries)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('')

// Metadata, version 1, of no topic: size, API key 3, version, correlation id, no client id, an empty array.
// A broker names itself in the reply only once it serves (it is registered and no longer fenced).
const metadataRequest = Buffer.from('0000000e0003000100000001ffff00000000', 'hex')

const namesABroker = (reply) => (reply.length >= 12 ? reply.readInt32BE(8) > 0 : undefined)
