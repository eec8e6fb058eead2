import type { DeviceHealth } from '../domain/deviceHealth.ts'

/** What is known of each device. It is read with the histories; here it is written. */
export type DeviceStates = {
  /**
   * Merges the reports, in any order and however often each comes.
   * Rejects with REDIS_UNAVAILABLE (retriable) when the store is away, so that the reports are delivered again.
   */
  apply(reports: readonly DeviceHealth[]): Promise<void>
}
