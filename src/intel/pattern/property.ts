import { intelSubjects } from '../../domain/intelligence.ts'
import {
  readContactHash,
  readDomain,
  readEmail,
  readHash,
  readIp,
  readPhone,
  readToken,
  type ReadValue,
} from './value.ts'

/** What a property of an observed object says of a payment or a device. */
export type Property =
  | { readonly kind: 'value'; readonly read: ReadValue; readonly ofNetworks: boolean }
  /** Which of our things a `user-account` is; `user_id` says which one of them. */
  | { readonly kind: 'accountType' }
  | { readonly kind: 'accountId' }
  /** The parts of an identifier that is shared as a keyed hash. */
  | { readonly kind: 'keyedKind' | 'keyId' | 'keyedHash' }
  /** True of whatever has the property beside it. */
  | { readonly kind: 'given' }

const value = (read: ReadValue): Property => ({ kind: 'value', read, ofNetworks: false })
const ip: Property = { kind: 'value', read: readIp, ofNetworks: true }
const email = value(readEmail)
const given: Property = { kind: 'given' }

/** What payments name by a token of the switch's own. */
const tokens = intelSubjects.filter(
  (subject) => subject !== 'ip' && subject !== 'email' && subject !== 'phone',
)

/** By type of object and path, as `docs/intelligence.md` lists them. */
const properties: ReadonlyMap<string, Property> = new Map<string, Property>([
  ['ipv4-addr:value', ip],
  ['ipv6-addr:value', ip],
  ['network-traffic:src_ref.value', ip],
  ['network-traffic:dst_ref.value', ip],
  ['network-traffic:src_ref.type', given],
  ['network-traffic:dst_ref.type', given],
  ['domain-name:value', value(readDomain)],
  ['email-addr:value', email],
  ['email-message:from_ref.value', email],
  ['email-message:sender_ref.value', email],
  ['user-account:user_id', { kind: 'accountId' }],
  ['user-account:account_login', { kind: 'accountId' }],
  ['user-account:account_type', { kind: 'accountType' }],
  ['x-sluice-phone:value', value(readPhone)],
  ['x-sluice-phone:hash', value(readContactHash('phone'))],
  ['x-sluice-email:hash', value(readContactHash('email'))],
  ...tokens.map((kind): readonly [string, Property] => [`x-sluice-${kind}:value`, value(readToken(kind))]),
  ['payment-identifier:kind', { kind: 'keyedKind' }],
  ['payment-identifier:key_id', { kind: 'keyId' }],
  ['payment-identifier:hmac_sha256', { kind: 'keyedHash' }],
  ['app:id', value(readToken('app'))],
  ['app:cert.sha256', value(readHash('certificate'))],
  ['app:cert.sha1', value(readHash('certificate'))],
  ['app:cert.md5', value(readHash('certificate'))],
  ['x509-certificate:hashes', value(readHash('certificate'))],
  ['file:hashes', value(readHash('file'))],
])

/** `file:hashes.'SHA-256'` and its like: the algorithm shows in the length. */
const withoutAlgorithm = (path: string): string => (path.startsWith('hashes.') ? 'hashes' : path)

/** null: nothing that a payment or a device says is compared with it. */
export const propertyOf = (object: string, path: string): Property | null =>
  properties.get(`${object}:${withoutAlgorithm(path)}`) ?? null

export const isTokenSubject = (type: string): type is (typeof tokens)[number] =>
  tokens.some((subject) => subject === type)
