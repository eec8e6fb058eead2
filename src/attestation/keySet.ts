import { importJWK } from 'jose'
import { z } from 'zod'
import { SluiceError } from '../errors.ts'
import { algorithms, purposes, type RingKey } from './keyRing.ts'

/** `d` is a private key's secret, `k` a shared one: neither belongs into a ring that only verifies. */
const publicKey = z
  .looseObject({ kty: z.string(), kid: z.string().min(1).max(128), alg: z.enum(algorithms) })
  .refine((jwk) => !('d' in jwk) && !('k' in jwk), { error: 'expected a public key, found a secret one' })

const keySet = z.object({
  issuer: z.string().min(1),
  purposes: z.array(z.enum(purposes)).min(1),
  keys: z.array(publicKey).min(1),
})

const invalid = (name: string, wanted: string, cause?: unknown): SluiceError =>
  new SluiceError('KEY_INVALID', `${name}: ${wanted}`, { cause })

const parse = (name: string, text: string): z.infer<typeof keySet> => {
  try {
    return keySet.parse(JSON.parse(text))
  } catch (cause) {
    throw invalid(
      name,
      `expected {"issuer", "purposes": [${purposes.join(', ')}], "keys": public JWKs with "kid" and "alg" (${algorithms.join(', ')})}`,
      cause,
    )
  }
}

/**
 * The keys of one issuer: a JWK set (RFC 7517) that also names its issuer and what the keys may sign.
 * @throws SluiceError KEY_INVALID, never with anything of the file in it
 */
export const parseKeySet = async (name: string, text: string): Promise<readonly RingKey[]> => {
  const { issuer, purposes: mayDo, keys } = parse(name, text)
  return Promise.all(
    keys.map(async ({ kid, alg, ...jwk }) => {
      try {
        const key = await importJWK(jwk, alg)
        if (key instanceof Uint8Array) throw new TypeError('a shared secret')
        return { kid, issuer, purposes: mayDo, algorithm: alg, key }
      } catch (cause) {
        throw invalid(name, `the key ${kid} is no public key for ${alg}`, cause)
      }
    }),
  )
}
