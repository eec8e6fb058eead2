import { readFileSync } from 'node:fs'
import { SluiceError } from '../errors.ts'

export type TlsFiles = {
  /** PEM; an empty name: none. */
  readonly caFile: string
  readonly certFile: string
  readonly keyFile: string
}

export type TlsMaterial = { readonly ca?: Buffer; readonly cert?: Buffer; readonly key?: Buffer }

const pem = /-----BEGIN [A-Z0-9 ]+-----/

const read = (file: string): Buffer => {
  let bytes: Buffer
  try {
    bytes = readFileSync(file)
  } catch (cause) {
    throw new SluiceError('CONFIG_INVALID', `${file} cannot be read`, { cause })
  }
  if (pem.test(bytes.toString('latin1'))) return bytes
  throw new SluiceError('CONFIG_INVALID', `${file}: expected PEM ("-----BEGIN ...-----")`)
}

/**
 * What a connection over TLS shows and trusts, as the files are now: a certificate that was renewed counts from the next
 * connection on. @throws SluiceError CONFIG_INVALID, which names the file and never what is in it
 */
export const readTls = ({ caFile, certFile, keyFile }: TlsFiles): TlsMaterial => ({
  ...(caFile === '' ? {} : { ca: read(caFile) }),
  ...(certFile === '' ? {} : { cert: read(certFile) }),
  ...(keyFile === '' ? {} : { key: read(keyFile) }),
})
