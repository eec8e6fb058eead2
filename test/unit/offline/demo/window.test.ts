import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createWindow, pastOf, worldStart } from '../../../../src/offline/demo/window.ts'
import type { SimEvent } from '../../../../src/offline/simulator/simEvent.ts'
import { paymentEvent, reportEvent } from '../../../support/simulated.ts'

const idOf = (event: SimEvent): string =>
  event.kind === 'payment'
    ? event.payment.paymentId
    : event.kind === 'deviceHealth'
      ? event.report.reportId
      : ''

const part = (events: readonly SimEvent[], payments: number) => {
  const window = createWindow(payments)
  const past = [...pastOf(events, window)].map(idOf)
  return { past, toCome: window.toCome().map(idOf) }
}

describe('the window of what is to come', () => {
  it('holds back the last payments, with the reports that lead up to them', () => {
    const events = [
      reportEvent('r1', 1),
      paymentEvent('p1', 2),
      reportEvent('r2', 3),
      paymentEvent('p2', 4),
      paymentEvent('p3', 5),
    ]
    expect(part(events, 2)).toEqual({ past: ['r1', 'p1'], toCome: ['r2', 'p2', 'p3'] })
  })

  it('drops what follows the last payment: nothing that is sent would need it', () => {
    expect(part([paymentEvent('p1', 1), reportEvent('r1', 2)], 1)).toEqual({ past: [], toCome: ['p1'] })
  })

  it('holds everything back in a world that is too short', () => {
    expect(part([paymentEvent('p1', 1)], 5)).toEqual({ past: [], toCome: ['p1'] })
  })

  it('begins the world at a midnight, early enough for the past and for quiet days', () => {
    const now = Date.UTC(2026, 5, 15, 10, 30)
    const start = worldStart({ now, pastDays: 30, payments: 6_000, paymentsPerDay: 5_600 })
    expect(start).toBe(Date.UTC(2026, 5, 15) - 32 * 86_400_000)
  })

  it('refuses more payments than a year of these accounts', () => {
    expect(worldStart({ now: 0, pastDays: 30, payments: 1_000_000, paymentsPerDay: 28 })).toBeNull()
  })

  it('parts any world as slicing a list would', () => {
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { maxLength: 60 }),
        fc.integer({ min: 1, max: 20 }),
        (kinds, kept) => {
          const events = kinds.map((isPayment, at) =>
            isPayment ? paymentEvent(`p${at}`, at) : reportEvent(`r${at}`, at),
          )
          const ends = kinds.flatMap((isPayment, at) => (isPayment ? [at + 1] : []))
          const border = ends.at(-kept - 1) ?? 0
          expect(part(events, kept)).toEqual({
            past: events.slice(0, border).map(idOf),
            toCome: events.slice(border, ends.at(-1) ?? 0).map(idOf),
          })
        },
      ),
    )
  })
})
