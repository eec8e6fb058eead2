import type { DeviceHealth } from '../src/domain/deviceHealth.ts'
import type { Payment } from '../src/domain/payment.ts'
import { events } from '../src/offline/simulator/events.ts'
import type { SimEvent } from '../src/offline/simulator/simEvent.ts'
import { createWorld } from '../src/offline/simulator/world.ts'

export type StreamOptions = { readonly accounts: number; readonly seed: number; readonly startAt: number }

/** A part of what happens: payments in order, and the device reports among them. */
export type Part = { readonly payments: readonly Payment[]; readonly reports: readonly DeviceHealth[] }

export type PaymentStream = {
  /** What happens before `at` (epoch ms) and was not taken yet. */
  readonly until: (at: number) => Iterable<SimEvent>
  /** The next payments and what happens among them. */
  readonly take: (count: number) => Part
}

/** One simulated world that goes on for ever; whoever takes from it gets what nobody has got before. */
export const createPaymentStream = (options: StreamOptions): PaymentStream => {
  const happenings = events(createWorld(options))
  let head = happenings.next()
  function* before(isOver: (event: SimEvent) => boolean): Generator<SimEvent, void, undefined> {
    while (head.done !== true && !isOver(head.value)) {
      const event = head.value
      head = happenings.next()
      yield event
    }
  }
  return {
    until: (at) => before((event) => event.at >= at),
    take: (count) => {
      const payments: Payment[] = []
      const reports: DeviceHealth[] = []
      for (const event of before(() => payments.length >= count))
        if (event.kind === 'payment') payments.push(event.payment)
        else if (event.kind === 'deviceHealth') reports.push(event.report)
      return { payments, reports }
    },
  }
}
