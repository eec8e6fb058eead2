import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export type Certified = { readonly certFile: string; readonly keyFile: string }

type CertificateOptions = {
  /** Openssl's subjectAltName; one for 127.0.0.1 by default. */
  readonly altName?: string
  readonly hasExpired?: boolean
  /** Signed by an authority that nobody trusts. */
  readonly byStranger?: boolean
}

/** An authority of the test's own, the broker's certificate and two users: what `scripts/servers.mjs --secure` wants. */
export type Security = {
  readonly folder: string
  readonly caFile: string
  /** May do anything. */
  readonly admin: string
  readonly user: string
  readonly passwordOf: (user: string) => string
  readonly passwordFileOf: (user: string) => string
  readonly certify: (name: string, options?: CertificateOptions) => Promise<Certified>
  readonly remove: () => Promise<void>
}

const authorityConfig = `
[ca]
default_ca = own
[own]
database = index.txt
serial = serial
new_certs_dir = .
default_md = sha256
policy = any
rand_serial = yes
unique_subject = no
copy_extensions = copy
[any]
commonName = supplied
`

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']

/** @param users names of SCRAM users; the first may do anything */
export const makeSecurity = async (
  users: readonly [string, string] = ['admin', 'sluice'],
): Promise<Security> => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-security-'))
  const file = (name: string): string => join(folder, name)
  const openssl = (...args: readonly string[]) => run('openssl', [...args], { cwd: folder })
  const makeAuthority = (name: string) =>
    openssl(
      'req',
      '-x509',
      ...newKey,
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.pem`,
      '-days',
      '2',
      '-subj',
      `/CN=sluice-test-${name}`,
    )
  await Promise.all([
    makeAuthority('authority'),
    makeAuthority('stranger'),
    writeFile(file('ca.cnf'), authorityConfig),
    writeFile(file('index.txt'), ''),
  ])

  const certify = async (
    name: string,
    { altName = 'IP:127.0.0.1', hasExpired = false, byStranger = false }: CertificateOptions = {},
  ): Promise<Certified> => {
    await openssl(
      'req',
      '-new',
      ...newKey,
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.csr`,
      '-subj',
      `/CN=${name}`,
      '-addext',
      `subjectAltName=${altName}`,
    )
    const [from, to] = hasExpired
      ? ['20200101000000Z', '20200102000000Z']
      : ['20200101000000Z', '21000101000000Z']
    const authority = byStranger ? 'stranger' : 'authority'
    await openssl(
      'ca',
      '-batch',
      '-notext',
      '-config',
      'ca.cnf',
      '-cert',
      `${authority}.pem`,
      '-keyfile',
      `${authority}.key`,
      '-in',
      `${name}.csr`,
      '-out',
      `${name}.pem`,
      '-startdate',
      from ?? '',
      '-enddate',
      to ?? '',
    )
    return { certFile: file(`${name}.pem`), keyFile: file(`${name}.key`) }
  }

  const passwords = new Map(users.map((name) => [name, randomBytes(18).toString('base64url')]))
  const passwordOf = (user: string): string => passwords.get(user) ?? ''
  await writeFile(
    file('users.json'),
    JSON.stringify(users.map((name) => ({ name, password: passwordOf(name) }))),
  )
  for (const user of users) await writeFile(file(`${user}.password`), `${passwordOf(user)}\n`)
  const broker = await certify('broker')
  await writeFile(
    broker.certFile,
    (await readFile(broker.certFile, 'utf8')) + (await readFile(broker.keyFile, 'utf8')),
  )

  const [admin, user] = users
  return {
    folder,
    caFile: file('authority.pem'),
    admin,
    user,
    passwordOf,
    passwordFileOf: (name) => file(`${name}.password`),
    certify,
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}
