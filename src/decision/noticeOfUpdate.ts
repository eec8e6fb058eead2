import type { Notice } from '../domain/decision.ts'
import type { Platform } from '../domain/deviceHealth.ts'
import { notice } from './noticeText.ts'

const systemNames: Readonly<Record<Platform, readonly [string, string]>> = {
  ANDROID: ['Android', 'Android 系统'],
  IOS: ['iOS', 'iOS 系统'],
  WINDOWS: ['Windows', 'Windows 系统'],
  MACOS: ['macOS', 'macOS 系统'],
  LINUX: ['the system', '系统'],
  OTHER: ['the system', '系统'],
  UNKNOWN: ['the system', '系统'],
}

/** A version as its maker writes it; anything else does not get into what a person reads. */
const versionPattern = /^\d[0-9A-Za-z.-]{0,31}$/

/**
 * A patch is out for a hole that is being used: update to it.
 * @param fixedVersion the first version without the hole, or a patch level; null or not a version: the newest one
 */
export const vulnerabilityNotice = (platform: Platform, fixedVersion: string | null): Notice => {
  const [nameEn, nameZh] = systemNames[platform]
  const isKnown = fixedVersion !== null && versionPattern.test(fixedVersion)
  return notice(
    'UPDATE_SYSTEM',
    'CRITICAL',
    isKnown
      ? [
          `Update ${nameEn} on this device to ${fixedVersion} or later.`,
          `请将本设备的${nameZh}更新到 ${fixedVersion} 或更高版本。`,
        ]
      : [`Update ${nameEn} on this device to the newest version.`, `请将本设备的${nameZh}更新到最新版本。`],
    ['Attackers use a known hole in the version on this device.', '攻击者正在利用本设备当前版本的已知漏洞。'],
  )
}
