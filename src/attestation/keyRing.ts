import type { CryptoKey } from 'jose'

/** What a key may sign. One that signs reports cannot enrol devices. */
export const purposes = ['SDK_REPORT', 'CAEP', 'ENROLMENT'] as const
export type Purpose = (typeof purposes)[number]

/** Signatures with a public key only: whoever can verify cannot sign. */
export const algorithms = ['ES256', 'ES384', 'EdDSA', 'RS256', 'PS256'] as const
export type Algorithm = (typeof algorithms)[number]

export type RingKey = {
  readonly kid: string
  /** The one `iss` that this key may speak for. */
  readonly issuer: string
  readonly purposes: readonly Purpose[]
  readonly algorithm: Algorithm
  readonly key: CryptoKey
}

export type KeyRing = {
  /** null: there is none of that id now. Looks again, at most once a second, before it says so. */
  readonly find: (kid: string) => Promise<RingKey | null>
}
