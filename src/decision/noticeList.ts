import type { Notice } from '../domain/decision.ts'
import { deviceNotices, reasonNotices } from './noticeCatalogue.ts'
import { eventNotices } from './noticeEvents.ts'
import { vulnerabilityNotice } from './noticeOfUpdate.ts'

/** Every notice that there is, each code once; UPDATE_SYSTEM as it reads where no version is known. */
export const noticeList: readonly Notice[] = [
  ...new Map(
    [
      ...Object.values(deviceNotices),
      ...Object.values(reasonNotices),
      ...eventNotices,
      vulnerabilityNotice('UNKNOWN', null),
    ].map((each) => [each.code, each]),
  ).values(),
]
