import { createHash, verify } from 'node:crypto'
import { decode } from 'cborg'
import { z } from 'zod'
import { ageFlaw } from './age.ts'
import { readAuthenticatorData } from './authenticatorData.ts'
import { createReadEnrolment, type EnrolledKey } from './enrolment.ts'
import { parseAs } from './json.ts'
import { flawed, isFlawed, type Adapter, type Context, type Flawed, type Opened } from './opened.ts'
import { openSigned, signedSignals } from './signedSignals.ts'
import type { TokenDeps } from './token.ts'

/** Some 150 bytes in truth. */
const longestAssertion = 4_096

const base64 = z.base64().transform((text) => Buffer.from(text, 'base64'))
const document = z.object({
  assertion: base64.refine((bytes) => bytes.length <= longestAssertion),
  clientData: base64,
  enrolment: z.string(),
})
type Document = z.infer<typeof document>

const assertionFields = z.object({
  signature: z.instanceof(Uint8Array),
  authenticatorData: z.instanceof(Uint8Array),
})

/** What the app asked its key to sign: JSON. */
const clientData = signedSignals.extend({
  deviceId: z.string(),
  reportId: z.string(),
  issuedAt: z.number().int().positive(),
})

/** null: no CBOR, or no assertion. */
const readAssertion = (bytes: Buffer): z.infer<typeof assertionFields> | null => {
  try {
    return (
      assertionFields.safeParse(decode(bytes, { strict: true, rejectDuplicateMapKeys: true })).data ?? null
    )
  } catch {
    return null
  }
}

const sha256 = (...parts: readonly Uint8Array[]): Buffer =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest()

/** ECDSA over the nonce, which is SHA-256 of authenticator data and hash of the client data. Returns the counter. */
const counterOf = (
  given: Document,
  { key }: EnrolledKey,
  apps: readonly string[],
): { readonly counter: number } | Flawed => {
  const assertion = readAssertion(given.assertion)
  const data = assertion === null ? null : readAuthenticatorData(assertion.authenticatorData)
  if (assertion === null || data === null) return flawed('MALFORMED')
  if (!apps.some((app) => sha256(Buffer.from(app)).equals(data.appIdHash))) return flawed('APP')
  const nonce = sha256(assertion.authenticatorData, sha256(given.clientData))
  return verify('sha256', nonce, key, assertion.signature) ? { counter: data.counter } : flawed('SIGNATURE')
}

const openClientData = (
  bytes: Buffer,
  { deviceId, reportId, arrivedAt }: Context,
  limits: TokenDeps['limits'],
): Omit<Opened, 'once'> | Flawed => {
  const given = parseAs(clientData, bytes.toString('utf8'))
  if (given === null) return flawed('CLAIM')
  if (given.deviceId !== deviceId || given.reportId !== reportId) return flawed('OTHER_DEVICE')
  const late = ageFlaw(given.issuedAt, arrivedAt, limits)
  return late ?? { source: 'app-attest', observedAt: given.issuedAt, ...openSigned(given) }
}

/**
 * An assertion of Apple's App Attest, the client data that it signs, and our enrolment's word for the device's key.
 * @param apps App IDs of our own: team, dot, bundle
 */
export const createAppAttest = (apps: readonly string[], deps: TokenDeps): Adapter => {
  const readEnrolment = createReadEnrolment(deps)
  return async (body, context) => {
    const given = parseAs(document, body)
    if (given === null) return flawed('MALFORMED')
    const enrolled = await readEnrolment(given.enrolment, context.arrivedAt)
    if (isFlawed(enrolled)) return enrolled
    if (enrolled.deviceId !== context.deviceId) return flawed('OTHER_DEVICE')
    const asserted = counterOf(given, enrolled, apps)
    if (isFlawed(asserted)) return asserted
    const opened = openClientData(given.clientData, context, deps.limits)
    if (isFlawed(opened)) return opened
    const counterId = `app-attest ${enrolled.keyId}`
    return {
      ...opened,
      once: {
        id: `${counterId} ${asserted.counter}`,
        counter: { id: counterId, value: asserted.counter },
      },
    }
  }
}
