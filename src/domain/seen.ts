import type { DeviceState } from './deviceHealth.ts'
import type { IntelSubject, Tlp } from './intelligence.ts'

/** An indicator that named something of a payment. */
export type IntelHit = {
  readonly subject: IntelSubject
  /** STIX id. */
  readonly indicatorId: string
  /** Who says so; empty where the indicator does not say, or is for the eyes of its recipients only (TLP:RED). */
  readonly source: string
  /** 0 to 100; null where the indicator states none. */
  readonly confidence: number | null
  /** Epoch ms of the indicator's version. */
  readonly modifiedAt: number
  readonly tlp: Tlp
}

/** What lay behind the features of a payment, where they alone do not say it. */
export type Seen = {
  /** null: not named, never reported, or not known at the time (then the level of protection is UNKNOWN). */
  readonly device: DeviceState | null
  readonly intelHits: readonly IntelHit[]
}

export const nothingSeen: Seen = { device: null, intelHits: [] }
