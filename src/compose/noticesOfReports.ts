import { deviceNotices } from '../decision/noticeCatalogue.ts'
import { noticesOfDevice } from '../decision/noticesOfDevice.ts'
import { deviceSignals, type DeviceHealth, type DeviceSignal } from '../domain/deviceHealth.ts'
import type { ReadDevices } from '../features/deviceMemories.redis.ts'
import { mergeReport, type DeviceMemory } from '../features/deviceState.ts'
import { groupedBy } from '../features/grouped.ts'
import type { RecentAccounts } from '../features/recentPayers.ts'
import type { Notices } from './notices.ts'

export type Worsening = {
  readonly signal: DeviceSignal
  /** The report that told of it. */
  readonly reportId: string
  /** Epoch ms. */
  readonly at: number
}

/**
 * What the reports, taken over in their order, make unhealthy that was not; nothing that they also make good, or that
 * has expired. The same for the same reports, however many follow in the same batch.
 * @param now epoch ms
 */
export const worseningsOf = (
  before: DeviceMemory | null,
  reports: readonly DeviceHealth[],
  now: number,
): readonly Worsening[] => {
  const found = new Map<DeviceSignal, Worsening>()
  let known = before
  for (const report of reports) {
    const next = mergeReport(known, report)
    deviceSignals.forEach((signal, i) => {
      const [earlier, reading] = [known?.readings[i], next.readings[i]]
      if (reading?.state !== 'UNHEALTHY') found.delete(signal)
      else if (earlier?.state !== 'UNHEALTHY' || earlier.expiresAt <= reading.observedAt)
        found.set(signal, { signal, reportId: report.reportId, at: report.observedAt })
    })
    known = next
  }
  return [...found.values()].filter(
    ({ signal }) => (known?.readings[deviceSignals.indexOf(signal)]?.expiresAt ?? 0) > now,
  )
}

/** A device that many share is no reason to write to all of them. */
const mostAccounts = 5

export type ReportNoticesDeps = {
  readonly readDevices: ReadDevices
  readonly recentAccounts: Pick<RecentAccounts, 'read'>
  /** Adds the payments that this instance has decided and not yet added. */
  readonly flush: () => Promise<void>
  readonly tellOnce: Notices['tellOnce']
  /** Epoch milliseconds. */
  readonly now: () => number
}

const saysUnhealthy = ({ readings }: DeviceHealth): boolean =>
  readings.some(({ state }) => state === 'UNHEALTHY')

/**
 * Tells of what got worse with the devices that report, before the reports are taken over: once they are, nobody could
 * tell any more what they changed. Rejects where it did not come to that, so that the reports come again.
 */
export const createReportNotices =
  ({ readDevices, recentAccounts, flush, tellOnce, now }: ReportNoticesDeps) =>
  async (reports: readonly DeviceHealth[]): Promise<void> => {
    const worrying = [...groupedBy(reports, ({ deviceId }) => deviceId)].filter(([, some]) =>
      some.some(saysUnhealthy),
    )
    if (worrying.length === 0) return
    await flush()
    const known = await readDevices(worrying.map(([deviceId]) => deviceId))
    const drafts = await Promise.all(
      worrying.map(async ([deviceId, some], i) => {
        const worsenings = worseningsOf(known[i] ?? null, some, now())
        if (worsenings.length === 0) return []
        const accounts = (await recentAccounts.read('device', deviceId)).slice(0, mostAccounts)
        return worsenings.flatMap(({ signal, reportId, at }) =>
          noticesOfDevice(deviceNotices[signal], { deviceId, cause: reportId, at }, accounts),
        )
      }),
    )
    await tellOnce(drafts.flat())
  }
