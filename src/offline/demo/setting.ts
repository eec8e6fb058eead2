import type { RedisAccess } from '../../features/connection.redis.ts'
import type { Trust } from '../../model/trust.ts'
import type { KafkaAccess } from '../../stream/access.ts'
import type { Environment, Self } from './processor.process.ts'
import type { Endings } from './endings.ts'
import type { Screen } from './screen.ts'
import type { Watch } from './watch.ts'

export type DemoOptions = {
  readonly seconds: number
  readonly ratePerSecond: number
  readonly accounts: number
  readonly seed: number
}

/** What one run of the demo is handed by whoever calls it. */
export type Setting = {
  readonly options: DemoOptions
  readonly settings: {
    readonly schemasDir: string
    readonly modelsDir: string
    readonly trust: Trust
    readonly historyRetentionDays: number
    /** Of servers that existed before; those that the demo starts ask for nothing. */
    readonly access: { readonly kafka: KafkaAccess; readonly redis: RedisAccess }
  }
  readonly self: Self
  /** Our own environment with some variables changed. */
  readonly environmentWith: (overrides: Environment) => Environment
  readonly screen: Screen
  readonly endings: Endings
  readonly watch: Watch
  /** Somebody has ended the demo. */
  readonly isInterrupted: () => boolean
  /** Epoch milliseconds. */
  readonly now: () => number
  readonly monotonic: () => number
  readonly wait: (ms: number) => Promise<void>
}

/** Days of the simulated world that the processor remembers. */
export const pastDays = 30
