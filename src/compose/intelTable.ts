import type { Intelligence, IntelLoss, IntelResult } from '../domain/intelligence.ts'
import { createIntake, type Taken } from '../intel/intake.ts'
import type { HashText } from '../intel/table/postings.ts'
import { createIntelTable, type IntelTable } from '../intel/table/table.ts'
import { termKinds } from '../intel/term.ts'
import type { InPieces } from './inPieces.ts'
import type { Sharing } from './sharedHashes.ts'
import type { TableSpec } from './tables.kafka.ts'
import type { TableChange } from '../stream/tableConsumer.kafka.ts'

/** How much there is of the intelligence. */
export type IntelSizes = {
  readonly bytes: number
  /** Things that are listed, by kind; networks once more by themselves. */
  readonly listed: ReadonlyMap<string, number>
}

export type HeldIntelligenceDeps = {
  readonly hashText: HashText
  readonly hashContact: (contact: string) => string
  readonly sharing: Sharing
  readonly inPieces: InPieces
  readonly count: (result: IntelResult) => void
  readonly countLoss: (reason: IntelLoss) => void
  /** An object that cannot be read: its STIX id, and what is wrong. */
  readonly onInvalid: (key: string, problem: string) => void
  readonly onSizes: (sizes: IntelSizes) => void
  /** Epoch milliseconds. */
  readonly now: () => number
}

/** So long after its end an indicator stays: payments may come late, or again. */
const keptMs = 30 * 86_400_000
/** What has ended is looked for no more often than that. */
const expireEveryMs = 3_600_000

const sizesOf = (table: IntelTable): IntelSizes => ({
  bytes: table.bytes(),
  listed: new Map<string, number>([
    ...termKinds.map((kind): [string, number] => [kind, table.count(kind)]),
    ['network', table.networks()],
  ]),
})

const parsed = (bytes: Buffer): unknown => {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    // Told as an object that is none.
    return undefined
  }
}

/** What was last published of each object of the topic `threat-intel`, ready to be looked up. */
export const createHeldIntelligence = (
  deps: HeldIntelligenceDeps,
): {
  readonly table: TableSpec<Buffer>['table']
  readonly intelligence: Intelligence
} => {
  const { sharing, hashText, hashContact } = deps
  const valueDeps = { hashContact, sharedKeyId: sharing.keyId }
  let held = createIntelTable(hashText, sharing.hashOf)
  let intake = createIntake(held, valueDeps)

  const keep = (key: string, { result, losses, problem }: Taken): void => {
    deps.count(result)
    for (const { reason } of losses) deps.countLoss(reason)
    if (problem !== null) deps.onInvalid(key, problem)
  }

  function* takeAll(changes: readonly TableChange<Buffer>[]): Generator<void, void, undefined> {
    for (const { key, value } of changes) {
      keep(key, value === null ? intake.forget(key) : intake.takeAs(key, parsed(value)))
      yield
      if (held.isDue()) yield* held.settle()
    }
  }

  let expiredAt = -Infinity
  const expire = async (): Promise<void> => {
    const now = deps.now()
    if (now - expiredAt < expireEveryMs) return
    expiredAt = now
    await deps.inPieces(held.expire(now - keptMs))
  }

  return {
    table: {
      apply: async (changes) => {
        await deps.inPieces(takeAll(changes))
        await expire()
        deps.onSizes(sizesOf(held))
      },
      clear: () => {
        held = createIntelTable(hashText, sharing.hashOf)
        intake = createIntake(held, valueDeps)
        deps.onSizes(sizesOf(held))
      },
      size: () => held.size(),
    },
    intelligence: { find: (subject, payment, at) => held.find(subject, payment, at) },
  }
}
