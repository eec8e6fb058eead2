import type { RiskFeedback } from '../domain/feedback.ts'
import type { Refused } from '../domain/received.ts'
import type { Sharer } from '../intel/out/builders.ts'
import type { Embargoes } from '../intel/out/embargo.ts'
import { createExchange, type Consequence } from '../intel/out/exchange.ts'
import type { KeyedHash } from '../intel/out/keyedHash.ts'
import { labelOf } from '../intel/out/label.ts'
import type { Preface } from '../intel/out/preface.ts'
import { createShared } from '../intel/out/shared.ts'
import type { StixObject } from '../intel/out/stixObject.ts'
import type { RawRecord } from '../stream/record.ts'
import type { Ledger, Writing } from '../stream/soleWriter.kafka.ts'
import { addedObject, heldLabels, heldMessage, objectMessage } from './intelRecords.ts'

export type IntelLedgerDeps = {
  readonly topics: { readonly intelOut: string; readonly intelHeld: string }
  readonly decode: (record: RawRecord) => RiskFeedback | Refused
  readonly keyedHash: KeyedHash
  readonly preface: Preface
  readonly sharer: Sharer
  readonly delayMs: number
  /** Epoch ms. */
  readonly now: () => number
  /** Asked before anything leaves. */
  readonly embargoes: { readonly now: () => Promise<Embargoes>; readonly close: () => Promise<void> }
  /** Told once they are in Kafka. */
  readonly onPublished: (objects: readonly StixObject[]) => void
  readonly onHeld: (labels: number) => void
}

/** All records of what an earlier writer left. */
export type Left = { readonly intelOut: readonly RawRecord[]; readonly intelHeld: readonly RawRecord[] }

/** The sharing of whoever writes `intel-out`: all that it knows was read from topics. */
export const createIntelLedger = (deps: IntelLedgerDeps, left: Left): Ledger => {
  const { topics, keyedHash } = deps
  const shared = createShared()
  const exchange = createExchange({ ...deps, shared })
  let lastUs = 0
  for (const record of left.intelOut) {
    // A compacted topic keeps the newest of each key, and now and then more: they come in their order.
    if (record.value === null) continue
    const { object, addedUs } = addedObject(record)
    shared.add(object)
    lastUs = Math.max(lastUs, addedUs)
  }
  for (const label of heldLabels(left.intelHeld)) exchange.restore(label)
  let pending: StixObject[] = []

  const preface = (): readonly StixObject[] => {
    const missing = deps.preface.objects.filter(({ id }) => shared.object(id) === undefined)
    for (const object of missing) shared.add(object)
    return missing
  }
  const nextUs = (): number => {
    lastUs = Math.max(deps.now() * 1000, lastUs + 1)
    return lastUs
  }

  const writing = (consequences: readonly Consequence[]): Writing => {
    const made = consequences.flatMap(({ objects }) => objects)
    const objects = made.length === 0 ? [] : [...preface(), ...made]
    const held = consequences.flatMap((each) => each.held)
    pending.push(...objects)
    return [
      ...(objects.length === 0
        ? []
        : [{ topic: topics.intelOut, messages: objects.map((object) => objectMessage(object, nextUs())) }]),
      ...(held.length === 0
        ? []
        : [
            {
              topic: topics.intelHeld,
              messages: held.map((each) => heldMessage(each.paymentRef, each.label)),
            },
          ]),
    ]
  }

  return {
    take: async (records) => {
      const labels = records.flatMap((record) => {
        const decoded = deps.decode(record)
        // The consumer that feeds the histories sends what is refused to the dead letters.
        const label = 'reason' in decoded ? null : labelOf(decoded, keyedHash)
        return label === null ? [] : [label]
      })
      if (labels.length === 0) return []
      const embargoes = await deps.embargoes.now()
      return writing(labels.map((label) => exchange.tell(label, embargoes)))
    },
    tick: async () => {
      deps.onHeld(exchange.heldCount())
      return exchange.heldCount() === 0 ? [] : writing([exchange.release(await deps.embargoes.now())])
    },
    written: () => {
      deps.onPublished(pending)
      pending = []
    },
    close: deps.embargoes.close,
  }
}
