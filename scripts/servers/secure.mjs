import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect } from 'node:tls'

/**
 * What a Kafka needs to ask everybody who he is: TLS with SCRAM at one port, mutual TLS at another, and rights by
 * access control lists; nobody has any but the superusers.
 * @param folder holds `authority.pem`, `broker.pem` (certificate, CN=broker, and key), and `users.json`, a list of
 *   {"name","password"}; the first is a superuser
 */
export const readSecurity = (folder) => ({
  authority: join(folder, 'authority.pem'),
  broker: join(folder, 'broker.pem'),
  users: JSON.parse(readFileSync(join(folder, 'users.json'), 'utf8')),
})

/** The controller's port is open on loopback only, and known by nobody: its principal is ANONYMOUS. */
export const secureSettings = ({ authority, broker, users }, { port, mutualPort, controllerPort }) => ({
  listeners: `SCRAM://127.0.0.1:${port},MUTUAL://127.0.0.1:${mutualPort},CONTROLLER://127.0.0.1:${controllerPort}`,
  'advertised.listeners': `SCRAM://127.0.0.1:${port},MUTUAL://127.0.0.1:${mutualPort}`,
  'listener.security.protocol.map': 'SCRAM:SASL_SSL,MUTUAL:SSL,CONTROLLER:PLAINTEXT',
  'inter.broker.listener.name': 'MUTUAL',
  'sasl.enabled.mechanisms': 'SCRAM-SHA-256,SCRAM-SHA-512',
  'listener.name.scram.scram-sha-256.sasl.jaas.config': jaas,
  'listener.name.scram.scram-sha-512.sasl.jaas.config': jaas,
  'listener.name.mutual.ssl.client.auth': 'required',
  'ssl.keystore.type': 'PEM',
  'ssl.keystore.location': broker,
  'ssl.truststore.type': 'PEM',
  'ssl.truststore.location': authority,
  'ssl.principal.mapping.rules': 'RULE:^.*CN=([^,]+).*$/$1/,DEFAULT',
  'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'super.users': `User:broker;User:ANONYMOUS;User:${users[0].name}`,
  'allow.everyone.if.no.acl.found': false,
})

const jaas = 'org.apache.kafka.common.security.scram.ScramLoginModule required;'

/** Of the storage tool: the users are there when the broker first starts. */
export const scramArguments = ({ users }) =>
  users.flatMap(({ name, password }) =>
    ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) => [
      '--add-scram',
      `${mechanism}=[name=${name},password=${password}]`,
    ]),
  )

/** A connection as the broker itself. */
export const connectMutual = ({ authority, broker }, port) => {
  const own = readFileSync(broker)
  return connect({ host: '127.0.0.1', port, ca: readFileSync(authority), cert: own, key: own })
}
