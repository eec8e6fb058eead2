import { looksLikePan } from './pan.ts'

/** What an entry does to a payment. `UNKNOWN` is what a reader sees for a symbol that is newer than itself. */
export const listEffects = ['UNKNOWN', 'BLOCK', 'ALLOW', 'SNOOZE'] as const
export type ListEffect = (typeof listEffects)[number]

/** What an entry names: one thing of a payment, or an account together with one of its payees. */
export const listSubjects = [
  'UNKNOWN',
  'ACCOUNT',
  'CARD',
  'DEVICE',
  'IP',
  'PAYEE',
  'MERCHANT',
  'ACCOUNT_PAYEE',
] as const
export type ListSubject = (typeof listSubjects)[number]

/** An entry of the allow and block lists, or a rule that is snoozed for somebody. */
export type ListEntry = {
  readonly entryId: string
  readonly effect: ListEffect
  readonly subject: ListSubject
  /** As payments spell it, never a PAN; of IP an address or a network in CIDR notation. */
  readonly token: string
  /** The payee of ACCOUNT_PAYEE, whose token is the account; null for all others. */
  readonly payeeId: string | null
  /** The rule that SNOOZE turns off; null for all others. */
  readonly ruleId: string | null
  /** Why; for people. */
  readonly reason: string
  readonly addedBy: string
  /** Epoch milliseconds. */
  readonly from: number
  /** Epoch milliseconds, exclusive; null: for ever, which only BLOCK may be. */
  readonly until: number | null
  readonly comment: string | null
}

/** Where an entry is wrong as a whole, and what was expected there. */
export type ListFlaw = { readonly field: keyof ListEntry; readonly expected: string }

/** What makes an entry one that cannot act, though each of its fields is of the right type. */
export const listFlaw = (entry: ListEntry): ListFlaw | null => {
  const { effect, subject, payeeId, ruleId, from, until } = entry
  if (effect === 'UNKNOWN') return { field: 'effect', expected: 'BLOCK, ALLOW or SNOOZE' }
  if (subject === 'UNKNOWN') return { field: 'subject', expected: listSubjects.slice(1).join(' ') }
  if ((subject === 'ACCOUNT_PAYEE') !== (payeeId !== null))
    return { field: 'payeeId', expected: 'a payee with ACCOUNT_PAYEE, and none otherwise' }
  if ((effect === 'SNOOZE') !== (ruleId !== null))
    return { field: 'ruleId', expected: 'the id of a rule with SNOOZE, and none otherwise' }
  if (until === null && effect !== 'BLOCK')
    return { field: 'until', expected: `a time at which ${effect} ends` }
  if (until !== null && until <= from) return { field: 'until', expected: 'a time after `from`' }
  if (entry.reason.trim() === '') return { field: 'reason', expected: 'a reason' }
  if (entry.addedBy.trim() === '') return { field: 'addedBy', expected: 'who added it' }
  return texts.map((field) => panIn(entry, field)).find((flaw) => flaw !== null) ?? null
}

const texts = ['entryId', 'token', 'payeeId', 'ruleId', 'reason', 'addedBy', 'comment'] as const

const panIn = (entry: ListEntry, field: (typeof texts)[number]): ListFlaw | null => {
  const text = entry[field]
  return text !== null && looksLikePan(text)
    ? { field, expected: 'what does not look like a card number' }
    : null
}
