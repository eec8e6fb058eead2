import { deviceNotices } from '../decision/noticeCatalogue.ts'
import { noticesOfDevice } from '../decision/noticesOfDevice.ts'
import type { DeviceHealth } from '../domain/deviceHealth.ts'
import type { NoticeDraft } from '../domain/notice.ts'
import type { ReadDevices } from '../features/deviceMemories.redis.ts'
import type { DeviceMemory } from '../features/deviceState.ts'
import { groupedBy } from '../features/grouped.ts'
import type { RecentAccounts } from '../features/recentPayers.ts'
import type { Notices } from './notices.ts'
import { patchMissing, type PatchOf } from './patches.ts'
import { worseningsOf } from './worsenings.ts'

/** A device that many share is no reason to write to all of them. */
const mostAccounts = 5

export type ReportNoticesDeps = {
  readonly readDevices: ReadDevices
  readonly patchOf: PatchOf
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
export const createReportNotices = (deps: ReportNoticesDeps) => {
  const { patchOf } = deps

  const draftsOf = async (
    deviceId: string,
    before: DeviceMemory | null,
    reports: readonly DeviceHealth[],
  ): Promise<readonly NoticeDraft[]> => {
    const worsenings = worseningsOf(before, reports, deps.now())
    const patch = patchMissing(before, reports, patchOf)
    if (worsenings.length === 0 && patch === null) return []
    const accounts = (await deps.recentAccounts.read('device', deviceId)).slice(0, mostAccounts)
    const drafts = worsenings.flatMap(({ signal, reportId, at }) =>
      noticesOfDevice(deviceNotices[signal], { deviceId, cause: reportId, at }, accounts),
    )
    if (patch === null) return drafts
    const { notice, report, subject } = patch
    const cause = { deviceId, cause: report.reportId, at: report.observedAt }
    return [...drafts, ...noticesOfDevice(notice, cause, accounts).map((draft) => ({ ...draft, subject }))]
  }

  return async (reports: readonly DeviceHealth[]): Promise<void> => {
    const worrying = [...groupedBy(reports, ({ deviceId }) => deviceId)].filter(([, some]) =>
      some.some((report) => saysUnhealthy(report) || patchOf(report) !== null),
    )
    if (worrying.length === 0) return
    await deps.flush()
    const known = await deps.readDevices(worrying.map(([deviceId]) => deviceId))
    const drafts = await Promise.all(
      worrying.map(([deviceId, some], i) => draftsOf(deviceId, known[i] ?? null, some)),
    )
    await deps.tellOnce(drafts.flat())
  }
}
