import type { Sharer } from './builders.ts'
import { notBefore, type Embargoes } from './embargo.ts'
import { createHeld } from './held.ts'
import type { Label } from './label.ts'
import { currentIndicator, publish } from './publish.ts'
import type { Shared } from './shared.ts'
import type { StixObject } from './stixObject.ts'

/** What a label leads to. */
export type Consequence = {
  /** To be published. */
  readonly objects: readonly StixObject[]
  /** To be kept back; null: nothing of this payment is, any more. */
  readonly held: readonly { readonly paymentRef: string; readonly label: Label | null }[]
}

export type ExchangeDeps = {
  readonly shared: Shared
  readonly sharer: Sharer
  /** Epoch ms. */
  readonly now: () => number
  /** Fraud leaves no earlier than this after it was known. */
  readonly delayMs: number
}

/** What may leave now, and what later. */
export type Exchange = {
  /** @param embargoes those of all cases as they are now */
  readonly tell: (label: Label, embargoes: Embargoes) => Consequence
  /** What was kept back and may leave now. */
  readonly release: (embargoes: Embargoes) => Consequence
  /** What an earlier writer kept back. */
  readonly restore: (label: Label) => void
  /** Labels that wait to leave. */
  readonly heldCount: () => number
}

const nothing: Consequence = { objects: [], held: [] }

/** So long a label that was taken back before it left is remembered: it may be delivered once more. */
export const rememberedMs = 30 * 86_400_000

export const createExchange = ({ shared, sharer, now, delayMs }: ExchangeDeps): Exchange => {
  const held = createHeld()

  const mayLeave = (label: Label, embargoes: Embargoes): boolean => {
    const known = [...shared.sightingsOf(label.paymentRef)].map((id) =>
      String(shared.object(id)?.['sighting_of_ref']),
    )
    const indicators = label.identifiers.map((each) => currentIndicator(shared, sharer, each))
    return now() >= notBefore(label, embargoes, [...known, ...indicators], delayMs)
  }

  /** Called genuine while nothing of the payment has left. */
  const isTakenBackInTime = ({ verdict, paymentRef }: Label): boolean =>
    verdict === 'genuine' && shared.sightingsOf(paymentRef).size === 0

  const isRemembered = (label: Label): boolean =>
    isTakenBackInTime(label) && now() < label.knownAt + rememberedMs

  const letGo = (paymentRef: string): Consequence['held'] => {
    if (held.get(paymentRef) === undefined) return []
    held.delete(paymentRef)
    return [{ paymentRef, label: null }]
  }

  return {
    tell: (label, embargoes) => {
      const { paymentRef } = label
      const before = held.get(paymentRef)
      // An older label that came again does not stand against what is known by now.
      if (before !== undefined && before.knownAt > label.knownAt) return nothing
      if (isTakenBackInTime(label) ? before === undefined : mayLeave(label, embargoes))
        return { held: letGo(paymentRef), objects: publish(shared, sharer, label) }
      held.set(label)
      return { objects: [], held: [{ paymentRef, label }] }
    },
    release: (embargoes) => {
      const free = held.labels().filter((label) => !isRemembered(label) && mayLeave(label, embargoes))
      return {
        held: free.flatMap(({ paymentRef }) => letGo(paymentRef)),
        objects: free.flatMap((label) => publish(shared, sharer, label)),
      }
    },
    restore: held.set,
    heldCount: () => held.labels().filter((label) => !isTakenBackInTime(label)).length,
  }
}
