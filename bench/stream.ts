import type { DeviceHealth } from '../src/domain/deviceHealth.ts'
import type { Payment } from '../src/domain/payment.ts'
import { events } from '../src/offline/simulator/events.ts'
import type { SimPayment } from '../src/offline/simulator/simEvent.ts'
import { createWorld } from '../src/offline/simulator/world.ts'

export type StreamOptions = { readonly accounts: number; readonly seed: number; readonly startAt: number }

/** A part of what happens: payments in order, and the device reports among them. */
export type Part = { readonly payments: readonly SimPayment[]; readonly reports: readonly DeviceHealth[] }

export type PaymentStream = {
  /** The next payments, at most `count` and only those before `untilAt` (epoch ms); empty when there are none. */
  readonly take: (count: number, untilAt?: number) => Part
}

/** One simulated world that goes on for ever; whoever takes from it gets what nobody has got before. */
export const createPaymentStream = (options: StreamOptions): PaymentStream => {
  const happenings = events(createWorld(options))
  let head = happenings.next()
  return {
    take: (count, untilAt = Infinity) => {
      const payments: SimPayment[] = []
      const reports: DeviceHealth[] = []
      while (head.done !== true && head.value.at < untilAt && payments.length < count) {
        const event = head.value
        if (event.kind === 'payment') payments.push(event)
        else if (event.kind === 'deviceHealth') reports.push(event.report)
        head = happenings.next()
      }
      return { payments, reports }
    },
  }
}

export const paymentsOf = ({ payments }: Part): readonly Payment[] => payments.map(({ payment }) => payment)
