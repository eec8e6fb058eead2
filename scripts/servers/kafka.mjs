import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { kafkaJarsFolder } from '../bootstrap/cache.mjs'
import { javaCommand } from '../bootstrap/checks.mjs'
import { runToEnd, startChild } from './child.mjs'
import { asks, freePorts } from './ports.mjs'
import { connectMutual, readSecurity, scramArguments, secureSettings } from './secure.mjs'

/**
 * One Kafka node, broker and controller in one, on free loopback ports; an already formatted folder is used again.
 * @param secure the folder that `readSecurity` describes; without one it is open to all
 * @param behind the port that it names as its own to whoever comes through `behindPort`; a proxy listens there
 */
export const prepareKafka = async (folder, secure, behind) => {
  const [port, controllerPort, mutualPort, behindPort] = await freePorts(4)
  const proxied = behind === undefined ? undefined : { behind, behindPort }
  const node = { id: 1, port, controllerPort, proxied }
  const security = secure === undefined ? undefined : { ...readSecurity(secure), mutualPort }
  return prepareNode({
    ...node,
    name: 'kafka',
    nodes: [node],
    folder,
    heap: '512m',
    clusterId: randomId(),
    security,
  })
}

/** Several nodes that are brokers and controllers of one cluster: what one holds, two others hold too. */
export const prepareKafkaCluster = async (folder, count) => {
  const ports = await freePorts(2 * count)
  const nodes = Array.from({ length: count }, (_, i) => ({
    id: i + 1,
    port: ports[2 * i],
    controllerPort: ports[2 * i + 1],
  }))
  const clusterId = clusterIdIn(folder)
  return Promise.all(
    nodes.map((node) => {
      const own = join(folder, `kafka-${node.id}`)
      return prepareNode({ ...node, name: `kafka-${node.id}`, nodes, folder: own, heap: '256m', clusterId })
    }),
  )
}

// An id may begin with a hyphen, and must not be taken for an option then.
const randomId = () => randomBytes(16).toString('base64url')

/** All nodes are formatted for one cluster, also where a folder is used again. */
const clusterIdIn = (folder) => {
  const file = join(folder, 'cluster-id')
  if (!existsSync(file)) writeFileSync(file, randomId())
  return readFileSync(file, 'utf8')
}

const prepareNode = async (node) => {
  const { id, name, port, controllerPort, proxied, nodes, folder, heap, clusterId, security } = node
  const jars = kafkaJarsFolder()
  if (!existsSync(jars)) throw new Error(`no Kafka in ${jars}: run "node scripts/bootstrap.mjs" first`)
  const java = javaCommand()
  if (java === undefined) throw new Error('Kafka needs a Java: none in JAVA_HOME or on the PATH')
  const data = join(folder, 'kafka')
  mkdirSync(data, { recursive: true })
  const properties = join(folder, 'server.properties')
  const logFile = join(folder, 'kafka.log')
  const mutualPort = security?.mutualPort
  const own = settings({ id, port, controllerPort, nodes, data })
  const secured = security === undefined ? {} : secureSettings(security, { port, mutualPort, controllerPort })
  const behind = proxied === undefined ? {} : proxiedSettings(own, proxied)
  writeFileSync(properties, asProperties({ ...own, ...secured, ...behind }))
  const classPath = ['-cp', join(jars, '*')]
  if (!existsSync(join(data, 'meta.properties'))) {
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
    name,
    logFile,
    timeoutMs: 90_000,
    address: `127.0.0.1:${port}`,
    mutualAddress: `127.0.0.1:${mutualPort}`,
    behindPort: proxied?.behindPort,
    launch: () =>
      startChild(java, [`-Xmx${heap}`, ...classPath, 'kafka.Kafka', properties], { logFile, cwd: folder }),
    answers: () =>
      security === undefined
        ? asks(port, metadataRequest, namesABroker)
        : asks(mutualPort, metadataRequest, namesABroker, {
            open: () => connectMutual(security, mutualPort),
          }),
  }
}

const settings = ({ id, port, controllerPort, nodes, data }) => {
  // One of several may be lost; a single node has nobody to copy to.
  const copies = Math.min(3, nodes.length)
  const inSync = Math.max(1, copies - 1)
  return {
    'process.roles': 'broker,controller',
    'node.id': id,
    'controller.quorum.voters': nodes.map((each) => `${each.id}@127.0.0.1:${each.controllerPort}`).join(),
    'controller.listener.names': 'CONTROLLER',
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': data,
    'auto.create.topics.enable': false,
    'log.message.timestamp.type': 'LogAppendTime',
    'group.initial.rebalance.delay.ms': 0,
    'default.replication.factor': copies,
    'min.insync.replicas': inSync,
    // Few partitions: it starts and restarts faster.
    'offsets.topic.replication.factor': copies,
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.replication.factor': copies,
    'transaction.state.log.min.isr': inSync,
    'transaction.state.log.num.partitions': 4,
    'share.coordinator.state.topic.replication.factor': copies,
    'share.coordinator.state.topic.min.isr': inSync,
    'share.coordinator.state.topic.num.partitions': 4,
  }
}

const proxiedSettings = (own, { behind, behindPort }) => ({
  listeners: `${own.listeners},PROXIED://127.0.0.1:${behindPort}`,
  'advertised.listeners': `${own['advertised.listeners']},PROXIED://127.0.0.1:${behind}`,
  'listener.security.protocol.map': `${own['listener.security.protocol.map']},PROXIED:PLAINTEXT`,
})

const asProperties = (entries) =>
  Object.entries(entries)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('')

// Metadata, version 1, of no topic: size, API key 3, version, correlation id, no client id, an empty array.
// A broker names itself in the reply only once it serves (it is registered and no longer fenced).
const metadataRequest = Buffer.from('0000000e0003000100000001ffff00000000', 'hex')

const namesABroker = (reply) => (reply.length >= 12 ? reply.readInt32BE(8) > 0 : undefined)
