import { createHash } from 'node:crypto'

/**
 * What ties an attestation that names no device to one report of one device: the app asks for it with this as nonce
 * or request hash. base64url of SHA-256 over `<deviceId>.<reportId>`.
 */
export const bindingOf = ({
  deviceId,
  reportId,
}: {
  readonly deviceId: string
  readonly reportId: string
}): string => createHash('sha256').update(`${deviceId}.${reportId}`).digest('base64url')
