import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { embargoesOf, type Embargoes } from '../../../../src/intel/out/embargo.ts'
import { createExchange, rememberedMs } from '../../../../src/intel/out/exchange.ts'
import { currentIndicator } from '../../../../src/intel/out/publish.ts'
import { createShared } from '../../../../src/intel/out/shared.ts'
import { aLabel, anyLabels, keyedHash, sharer } from '../../../support/sharing/labels.ts'

const label = aLabel()
const genuine = aLabel({ verdict: 'genuine', knownAt: label.knownAt + 60_000 })
const none: Embargoes = new Map()
const refOf = (paymentId: string): string => keyedHash.hash('payment', paymentId)
const embargo = (
  until: number | null,
  subject: 'PAYMENT' | 'INTELLIGENCE' | 'INCIDENT' = 'PAYMENT',
  subjectId = 'pay-1',
) => embargoesOf([{ subject, subjectId, embargoUntil: until }], refOf)

const open = (delayMs = 0) => {
  const shared = createShared()
  let clock = label.knownAt
  const exchange = createExchange({ shared, sharer, delayMs, now: () => clock })
  return { ...exchange, shared, at: (time: number) => (clock = time) }
}

describe('the exchange', () => {
  it('keeps a label back under the embargo of its payment, and lets it go at the very time', () => {
    const exchange = open()
    const until = label.knownAt + 1_000
    expect(exchange.tell(label, embargo(until))).toEqual({
      objects: [],
      held: [{ paymentRef: label.paymentRef, label }],
    })
    exchange.at(until - 1)
    expect(exchange.release(embargo(until)).objects).toEqual([])
    exchange.at(until)
    const released = exchange.release(embargo(until))
    expect(released.objects).toHaveLength(3)
    expect(released.held).toEqual([{ paymentRef: label.paymentRef, label: null }])
    expect(exchange.heldCount()).toBe(0)
  })

  it('never lets go what was taken back while it was kept back, though the old label comes again', () => {
    const exchange = open(5_000)
    exchange.tell(label, none)
    expect(exchange.tell(genuine, none).objects).toEqual([])
    expect(exchange.heldCount()).toBe(0)
    exchange.at(genuine.knownAt + 5_000)
    expect(exchange.tell(label, none).objects).toEqual([])
    expect(exchange.release(none).objects).toEqual([])
    // Confirmed once more, later, it is fraud after all.
    const again = { ...label, knownAt: genuine.knownAt + 1 }
    exchange.at(again.knownAt + 5_000)
    expect(exchange.tell(again, none).objects).toHaveLength(3)
  })

  it('remembers that for a month', () => {
    const exchange = open(5_000)
    exchange.tell(label, none)
    exchange.tell(genuine, none)
    exchange.at(genuine.knownAt + rememberedMs)
    expect(exchange.release(none)).toEqual({
      objects: [],
      held: [{ paymentRef: label.paymentRef, label: null }],
    })
  })

  it('lets it go as soon as the embargo is lifted', () => {
    const exchange = open()
    exchange.tell(label, embargo(label.knownAt + 1e9))
    expect(exchange.release(embargo(null)).objects).toHaveLength(3)
  })

  it('keeps back what speaks of an indicator under embargo, known or not yet', () => {
    const exchange = open()
    const id = currentIndicator(exchange.shared, sharer, label.identifiers[0]!)
    expect(exchange.tell(label, embargo(label.knownAt + 1, 'INTELLIGENCE', id)).objects).toEqual([])
    expect(open().tell(label, embargo(label.knownAt + 1, 'INCIDENT', 'pay-1')).objects).toHaveLength(3)
  })

  it('keeps fraud back for the delay, but not what takes it back', () => {
    const exchange = open(5_000)
    exchange.tell(label, none)
    exchange.at(label.knownAt + 5_000)
    expect(exchange.release(none).objects).toHaveLength(3)
    exchange.at(genuine.knownAt)
    expect(exchange.tell(genuine, none).objects).toHaveLength(3)
  })

  it('never says what was taken back while it was kept back, and keeps a taking back under embargo', () => {
    const exchange = open()
    const held = embargo(label.knownAt + 1e9)
    exchange.tell(label, held)
    expect(exchange.tell(genuine, held)).toEqual({
      objects: [],
      held: [{ paymentRef: label.paymentRef, label: genuine }],
    })
    const published = open()
    published.tell(label, none)
    expect(published.tell(genuine, held).held).toEqual([{ paymentRef: label.paymentRef, label: genuine }])
    // The old label comes again meanwhile.
    expect(published.tell(label, held)).toEqual({ objects: [], held: [] })
    expect(published.release(none).objects.map(({ revoked }) => revoked)).toEqual([true, true, true])
  })

  it('for any labels and embargo: nothing leaves before, and then what leaves is what would have', () => {
    fc.assert(
      fc.property(anyLabels, fc.nat(3), (labels, payment) => {
        const exchange = open()
        const held = embargo(label.knownAt + 1e9, 'PAYMENT', `pay-${payment}`)
        exchange.at(label.knownAt + 1e8)
        const ref = refOf(`pay-${payment}`)
        const objects = labels.flatMap((each) => exchange.tell(each, held).objects)
        expect(JSON.stringify(objects)).not.toContain(ref)
        exchange.release(none)
        const last = labels.filter(({ paymentRef }) => paymentRef === ref).at(-1)
        const live = [...exchange.shared.sightingsOf(ref)].filter(
          (id) => exchange.shared.object(id)?.revoked !== true,
        )
        expect(live).toHaveLength(last?.verdict === 'fraud' ? 2 : 0)
      }),
    )
  })
})
