import type { Protection, ProtectionLevel } from '../domain/protection.ts'
import type { Payment } from '../domain/payment.ts'
import { refuse } from './invalid.ts'

/**
 * How far the device that is paid with protects the payment, for a policy: a payment that names no device, as at a
 * till, is told from one whose device never reported (NONE) and from one whose device cannot be read (UNKNOWN).
 */
export const protectionClasses = [
  'FULL',
  'GUARDED',
  'RESTRICTED',
  'NONE',
  'UNKNOWN',
  'NO_DEVICE',
] as const satisfies readonly (ProtectionLevel | 'NO_DEVICE')[]
export type ProtectionClass = (typeof protectionClasses)[number]

export const protectionClassOf = ({
  payment,
  protection,
}: {
  readonly payment: Pick<Payment, 'deviceId'>
  readonly protection: Pick<Protection, 'level'>
}): ProtectionClass => (payment.deviceId === null ? 'NO_DEVICE' : protection.level)

/** Levels that `protectedAtLeast` may ask for. */
export const askedLevels = ['RESTRICTED', 'GUARDED', 'FULL'] as const
export type AskedLevel = (typeof askedLevels)[number]

const rank: Readonly<Record<ProtectionClass, number>> = {
  NO_DEVICE: 0,
  NONE: 0,
  RESTRICTED: 1,
  GUARDED: 2,
  FULL: 3,
  UNKNOWN: NaN,
}

/** null: not known. A payment without a device is protected by none. */
export const isProtectedAtLeast = (found: ProtectionClass, asked: AskedLevel): boolean | null =>
  found === 'UNKNOWN' ? null : rank[found] >= rank[asked]

/** @throws SluiceError POLICY_INVALID */
export const askedLevel = (place: string, text: string): AskedLevel =>
  askedLevels.find((level) => level === text) ??
  refuse(place, `protectedAtLeast takes one of ${askedLevels.join(', ')}, found ${text}`)

/** @throws SluiceError POLICY_INVALID for a text that `protection` never is */
export const checkClass = (place: string, text: string): void => {
  if (!protectionClasses.some((each) => each === text))
    refuse(place, `protection is one of ${protectionClasses.join(', ')}, never ${text}`)
}
