import { deviceSignals, type DeviceSignal } from '../domain/deviceHealth.ts'
import { severities, type Notice, type Reason } from '../domain/decision.ts'
import type { Facts, FeatureIndex } from './facts.ts'
import { deviceNotices, reasonNotices } from './noticeCatalogue.ts'

/** What a person whose payment was stopped should do, the most urgent first. */
export type ChooseNotices = (facts: Facts, reasons: readonly Reason[]) => readonly Notice[]

const atMost = 5
export const healthFeatureOf = (signal: DeviceSignal): string => `device.health.${signal.toLowerCase()}`

/** Every device fact that a notice can speak of. */
export const noticeFeatures: readonly string[] = deviceSignals.map(healthFeatureOf)

/** A fact that is not known gives no notice: nobody is told to repair what may be whole. */
export const bindNotices = (slot: FeatureIndex): ChooseNotices => {
  const facts = deviceSignals.map((signal) => ({
    at: slot.get(healthFeatureOf(signal)),
    notice: deviceNotices[signal],
  }))
  return ({ features }, reasons) => {
    const chosen = new Set<Notice>()
    for (const { at, notice } of facts) if (at !== undefined && (features[at] ?? NaN) > 0) chosen.add(notice)
    for (const { code } of reasons) {
      const notice = reasonNotices[code]
      if (notice !== undefined) chosen.add(notice)
    }
    return [...chosen].sort((a, b) => urgency(b) - urgency(a)).slice(0, atMost)
  }
}

const urgency = ({ severity }: Notice): number => severities.indexOf(severity)
