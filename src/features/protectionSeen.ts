import type { Protection } from '../domain/protection.ts'
import { lagBit, type Lagging } from './degraded.ts'
import { protectionOf, unknownProtection } from './protection.ts'
import type { Recalled } from './recalled.ts'

const healthLags = lagBit('device-health')

/** The level that a payment sees; not known while reports of its device may wait. */
export const protectionSeen = ({ device, received }: Recalled, lagging: Lagging): Protection =>
  (lagging & healthLags) !== 0 && received.payment.deviceId !== null
    ? unknownProtection
    : protectionOf(device, received.effectiveAt)
