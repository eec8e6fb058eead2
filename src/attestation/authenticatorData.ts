const hashBytes = 32
const counterAt = hashBytes + 1
const shortest = counterAt + 4

/** The fixed part of what WebAuthn calls authenticator data: hash of the app's id, one byte of flags, a counter. */
export type AuthenticatorData = { readonly appIdHash: Buffer; readonly counter: number }

/** null: too short. */
export const readAuthenticatorData = (bytes: Uint8Array): AuthenticatorData | null => {
  if (bytes.length < shortest) return null
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  return { appIdHash: data.subarray(0, hashBytes), counter: data.readUInt32BE(counterAt) }
}
