import type { Device } from './devices.ts'

/** An account that receives stolen money for some days. */
export type Mule = { readonly payeeId: string; readonly untilAt: number }

/** People who attack from one device and one proxy for some days. */
export type Crew = { readonly device: Device; readonly ipAddress: string; readonly untilAt: number }

/** A shop whose terminal or web page copies cards from `fromAt` to `toAt`. */
export type Skimmer = {
  readonly merchantIndex: number
  readonly fromAt: number
  readonly toAt: number
  readonly copied: Map<string, number>
}

/** What criminals share among their frauds. Changes as the world runs. */
export type Underworld = {
  mules: readonly Mule[]
  crews: readonly Crew[]
  /** By merchant index. `copied` has card tokens with the index of their owner. */
  readonly skimmers: Map<number, Skimmer>
}

export const createUnderworld = (): Underworld => ({ mules: [], crews: [], skimmers: new Map() })
