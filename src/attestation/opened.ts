import type { Platform, ReadableSignal } from '../domain/deviceHealth.ts'

/** Why a document proves nothing; a closed set, for logs and metrics. */
export const flaws = [
  'MALFORMED',
  'SIGNATURE',
  'ALGORITHM',
  'UNKNOWN_KEY',
  'ISSUER',
  'AUDIENCE',
  'APP',
  'OTHER_DEVICE',
  'CLAIM',
  'FROM_THE_FUTURE',
  'TOO_OLD',
] as const
export type Flaw = (typeof flaws)[number]

export type Flawed = { readonly flaw: Flaw }

/** What a document says, in our words. What it leaves open is left out: that neither confirms nor takes back. */
export type Opened = {
  /** What proves that it is an attester's; null: it is somebody's word. Used once by all instances together. */
  readonly once: {
    readonly id: string
    readonly counter: { readonly id: string; readonly value: number } | null
  } | null
  readonly source: string
  /** Epoch ms. */
  readonly observedAt: number
  readonly platform: Platform | null
  readonly osVersion: string | null
  readonly patchLevel: string | null
  readonly appVersion: string | null
  readonly signals: readonly Said[]
}

export type Said = {
  readonly signal: ReadableSignal
  readonly healthy: boolean
  readonly attested: boolean
}

/** What a document is held against. */
export type Context = {
  readonly deviceId: string
  readonly reportId: string
  /** The report's own time by its sender's clock, epoch ms. */
  readonly observedAt: number
  /** When the report arrived in Kafka, epoch ms: ages count from here, whenever it is read. */
  readonly arrivedAt: number
}

/** Reads and verifies documents of one format. Never rejects because of what a document holds. */
export type Adapter = (body: string, context: Context) => Promise<Opened | Flawed>

export const isFlawed = (result: object): result is Flawed => 'flaw' in result

export const flawed = (flaw: Flaw): Flawed => ({ flaw })

/** Says nothing where `healthy` is null. */
export const said = (signal: ReadableSignal, healthy: boolean | null, attested: boolean): readonly Said[] =>
  healthy === null ? [] : [{ signal, healthy, attested }]
