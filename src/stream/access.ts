/** PEM. */
export type Tls = { readonly ca?: Buffer; readonly cert?: Buffer; readonly key?: Buffer }

/** How brokers are reached, and as whom. */
export type KafkaAccess = {
  /** Asked at each connection, so that renewed certificates count; null: in clear. */
  readonly tls: (() => Tls) | null
  /** A function, so that printing it cannot show the password. */
  readonly sasl: {
    readonly mechanism: 'scram-sha-256' | 'scram-sha-512'
    readonly user: string
    readonly password: () => Buffer
  } | null
}

/** In clear and as nobody. */
export const openAccess: KafkaAccess = { tls: null, sasl: null }
