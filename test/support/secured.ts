import { readFileSync } from 'node:fs'
import type { Admin } from 'kafkajs'
import kafkajs from 'kafkajs'
import type { KafkaAccess } from '../../src/stream/access.ts'
import type { KafkaRight } from '../../src/stream/kafkaRights.ts'
import { documentedRules } from './documentedUsers.ts'
import type { ProcessorEnvironment } from './processor.ts'
import { connect } from './redisStores.ts'
import { openScene, type Scene, type SceneServers } from './scene.ts'
import { makeSecurity, type Certified, type Security } from './security.ts'
import { startServers, type Servers } from './servers.ts'

/** A scene on servers that ask everybody who he is: the test is the superuser, `sluice run` the user. */
export type Secured = {
  readonly security: Security
  readonly servers: Servers
  readonly scene: Scene
  /** Of the user, by certificate. */
  readonly own: Certified
  /** The user has these rights in Kafka and no others. */
  readonly allowOnly: (rights: readonly KafkaRight[]) => Promise<void>
  /** The scene's, and with SCRAM. */
  readonly environment: ProcessorEnvironment
  readonly close: () => Promise<void>
}

const { AclResourceTypes, AclOperationTypes, AclPermissionTypes, ResourcePatternTypes } = kafkajs

const setRights = async (admin: Admin, user: string, rights: readonly KafkaRight[]): Promise<void> => {
  const principal = `User:${user}`
  await admin.deleteAcls({
    filters: [
      {
        resourceType: AclResourceTypes.ANY,
        resourcePatternType: ResourcePatternTypes.ANY,
        principal,
        operation: AclOperationTypes.ANY,
        permissionType: AclPermissionTypes.ANY,
      },
    ],
  })
  await admin.createAcls({
    acl: rights.map(({ resource, pattern, name, operation }) => ({
      resourceType: AclResourceTypes[resource],
      resourcePatternType: ResourcePatternTypes[pattern],
      resourceName: name,
      operation: AclOperationTypes[operation],
      permissionType: AclPermissionTypes.ALLOW,
      principal,
      host: '*',
    })),
  })
}

export const openSecured = async (): Promise<Secured> => {
  const security = await makeSecurity()
  const servers = await startServers({ secure: security.folder })
  const [own, ca] = [await security.certify(security.user), readFileSync(security.caFile)]
  const password = (user: string) => () => Buffer.from(security.passwordOf(user))
  const kafkaAccess: KafkaAccess = {
    tls: () => ({ ca }),
    sasl: { mechanism: 'scram-sha-512', user: security.admin, password: password(security.admin) },
  }
  const tls = () => ({ ca, cert: readFileSync(own.certFile), key: readFileSync(own.keyFile) })
  const redisAccess = { password: password(security.admin), tls }
  const asked: SceneServers = {
    brokers: servers.brokers,
    redisUrl: servers.redisUrl,
    kafkaAccess,
    redisAccess,
  }
  const scene = await openScene(asked)

  const redis = await connect(servers.redisUrl, redisAccess)
  const rules = documentedRules('sluice').map((rule) =>
    rule.startsWith('>') ? `>${security.passwordOf(security.user)}` : rule,
  )
  await redis.call('ACL', 'SETUSER', security.user, ...rules)
  redis.disconnect()

  const admin = scene.kafka.admin()
  await admin.connect()
  return {
    security,
    servers,
    scene,
    own,
    allowOnly: (rights) => setRights(admin, security.user, rights),
    environment: {
      ...scene.environment,
      SLUICE_KAFKA_TLS: 'on',
      SLUICE_KAFKA_TLS_CA_FILE: security.caFile,
      SLUICE_KAFKA_SASL_MECHANISM: 'scram-sha-512',
      SLUICE_KAFKA_SASL_USER: security.user,
      SLUICE_KAFKA_PASSWORD_FILE: security.passwordFileOf(security.user),
      SLUICE_REDIS_URL: servers.redisUrl.replace('rediss://', `rediss://${security.user}@`),
      SLUICE_REDIS_PASSWORD_FILE: security.passwordFileOf(security.user),
      SLUICE_REDIS_TLS_CA_FILE: security.caFile,
      SLUICE_REDIS_TLS_CERT_FILE: own.certFile,
      SLUICE_REDIS_TLS_KEY_FILE: own.keyFile,
    },
    close: async () => {
      await Promise.all([admin.disconnect(), scene.close()])
      await servers.close()
      await security.remove()
    },
  }
}
