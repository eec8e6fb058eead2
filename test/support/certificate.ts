import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export type Certificate = {
  readonly authorityFile: string
  readonly authority: string
  readonly certificateFile: string
  readonly keyFile: string
}

/** A certificate for 127.0.0.1, signed by an authority of the test's own. */
export const makeCertificate = async (folder: string): Promise<Certificate> => {
  const file = (name: string): string => join(folder, name)
  const openssl = (line: string): Promise<unknown> => run('openssl', line.split(' '), { cwd: folder })
  const key = '-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes'
  await openssl(
    `req -x509 ${key} -keyout authority.key -out authority.pem -days 2 -subj /CN=sluice-test-authority`,
  )
  await openssl(
    `req -x509 ${key} -keyout server.key -out server.pem -days 2 -subj /CN=sluice-test -addext subjectAltName=IP:127.0.0.1 -addext basicConstraints=critical,CA:FALSE -CA authority.pem -CAkey authority.key`,
  )
  return {
    authorityFile: file('authority.pem'),
    authority: await readFile(file('authority.pem'), 'utf8'),
    certificateFile: file('server.pem'),
    keyFile: file('server.key'),
  }
}
