import type { ListEntry, ListSubject } from '../../domain/listEntry.ts'
import type { Payment } from '../../domain/payment.ts'
import type { Addresses } from './addresses.ts'
import { createNetworkShelf } from './networkShelf.ts'
import { createShelf, type Shelf } from './shelf.ts'

/** Entries by what they name. */
export type ListIndex = {
  /**
   * Instead of what had this id before.
   * @returns false where the entry names nothing that a payment could: what was there before stays
   */
  readonly put: (entry: ListEntry) => boolean
  readonly remove: (entryId: string) => void
  readonly clear: () => void
  readonly size: () => number
  readonly all: () => Iterable<ListEntry>
  /** Tells each entry that names something of the payment, whatever its times. A constant number of look-ups. */
  readonly visit: (payment: Payment, visit: (entry: ListEntry) => void) => void
}

type Single = Exclude<ListSubject, 'UNKNOWN' | 'IP' | 'ACCOUNT_PAYEE'>

const tokenOf: Readonly<Record<Single, (payment: Payment) => string | null>> = {
  ACCOUNT: ({ accountId }) => accountId,
  CARD: ({ cardToken }) => cardToken,
  DEVICE: ({ deviceId }) => deviceId,
  PAYEE: ({ payeeId }) => payeeId,
  MERCHANT: ({ merchantId }) => merchantId,
}
const singles = ['ACCOUNT', 'CARD', 'DEVICE', 'PAYEE', 'MERCHANT'] as const

/** Tokens hold no spaces. */
const pair = (accountId: string, payeeId: string): string => `${accountId} ${payeeId}`

type Shelves = {
  readonly single: Readonly<Record<Single, Shelf>>
  readonly pairs: Shelf
  readonly networks: ReturnType<typeof createNetworkShelf>
}

const emptyShelves = (addresses: Addresses): Shelves => ({
  single: {
    ACCOUNT: createShelf(),
    CARD: createShelf(),
    DEVICE: createShelf(),
    PAYEE: createShelf(),
    MERCHANT: createShelf(),
  },
  pairs: createShelf(),
  networks: createNetworkShelf(addresses),
})

export const createListIndex = (addresses: Addresses): ListIndex => {
  const byId = new Map<string, ListEntry>()
  let shelves = emptyShelves(addresses)

  const shelve = (entry: ListEntry): boolean => {
    const { subject, token, payeeId } = entry
    if (subject === 'UNKNOWN') return false
    if (subject === 'IP') return shelves.networks.put(token, entry)
    if (subject !== 'ACCOUNT_PAYEE') shelves.single[subject].put(token, entry)
    else if (payeeId === null) return false
    else shelves.pairs.put(pair(token, payeeId), entry)
    return true
  }
  const unshelve = ({ subject, token, payeeId, entryId }: ListEntry): void => {
    if (subject === 'IP') shelves.networks.remove(token, entryId)
    else if (subject === 'ACCOUNT_PAYEE') shelves.pairs.remove(pair(token, payeeId ?? ''), entryId)
    else if (subject !== 'UNKNOWN') shelves.single[subject].remove(token, entryId)
  }

  return {
    put: (entry) => {
      const before = byId.get(entry.entryId)
      if (before !== undefined) unshelve(before)
      if (!shelve(entry)) {
        if (before !== undefined) shelve(before)
        return false
      }
      byId.set(entry.entryId, entry)
      return true
    },
    remove: (entryId) => {
      const entry = byId.get(entryId)
      if (entry === undefined) return
      unshelve(entry)
      byId.delete(entryId)
    },
    clear: () => {
      byId.clear()
      shelves = emptyShelves(addresses)
    },
    size: () => byId.size,
    all: () => byId.values(),
    visit: (payment, visit) => {
      if (byId.size === 0) return
      for (const subject of singles) {
        const token = tokenOf[subject](payment)
        if (token !== null) shelves.single[subject].visit(token, visit)
      }
      if (payment.payeeId !== null) shelves.pairs.visit(pair(payment.accountId, payment.payeeId), visit)
      if (payment.ipAddress !== null) shelves.networks.visit(payment.ipAddress, visit)
    },
  }
}
