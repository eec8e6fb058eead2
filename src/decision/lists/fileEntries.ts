import { listFlaw, type ListEntry } from '../../domain/listEntry.ts'
import { refuse } from '../invalid.ts'
import type { ListEntrySpec } from '../listSchema.ts'
import type { PolicyText } from '../policyText.ts'
import type { Addresses } from './addresses.ts'
import { createListIndex, type ListIndex } from './listIndex.ts'

const dayMs = 86_400_000

/**
 * The entries that stand in the policy itself.
 * @param addresses without it the policy is only looked at, never asked: entries of networks act nowhere
 * @throws SluiceError POLICY_INVALID
 */
export const compileFileEntries = ({ spec, place }: PolicyText, addresses: Addresses | null): ListIndex => {
  const index = createListIndex(addresses ?? noAddresses)
  const ids = new Set<string>()
  const { entries, exceptionsAtMostDays } = spec.lists
  entries.forEach((each, i) => {
    const at = (field: string): string => place('lists', 'entries', i, field)
    const entry = entryOf(each)
    const flaw = listFlaw(entry)
    if (flaw !== null) refuse(at(spelled[flaw.field] ?? flaw.field), `expected ${flaw.expected}`)
    if (ids.has(each.id)) refuse(at('id'), 'another entry has this id')
    ids.add(each.id)
    checkRule(each, spec.rules, at)
    if (each.effect !== 'BLOCK' && (entry.until ?? Infinity) - entry.from > exceptionsAtMostDays * dayMs)
      refuse(at('until'), `expected at most ${exceptionsAtMostDays} days after ${each.from}`)
    if (!index.put(entry) && addresses !== null) refuse(at('token'), 'expected an address or a network')
  })
  return index
}

const spelled: Readonly<Record<string, string>> = { entryId: 'id', ruleId: 'rule' }

const checkRule = (
  { rule }: ListEntrySpec,
  rules: PolicyText['spec']['rules'],
  at: (field: string) => string,
): void => {
  if (rule === undefined) return
  const snoozed = rules.find(({ id }) => id === rule)
  if (snoozed === undefined) refuse(at('rule'), `there is no rule ${rule}`)
  if (snoozed?.final === true) refuse(at('rule'), `the rule ${rule} is final`)
}

const entryOf = (spec: ListEntrySpec): ListEntry => ({
  entryId: spec.id,
  effect: spec.effect,
  subject: spec.subject,
  token: spec.token,
  payeeId: spec.payeeId ?? null,
  ruleId: spec.rule ?? null,
  reason: spec.reason,
  addedBy: spec.addedBy,
  from: Date.parse(spec.from),
  until: spec.until === undefined ? null : Date.parse(spec.until),
  comment: spec.comment ?? null,
})

const noAddresses: Addresses = {
  parseNetwork: () => null,
  maskWords: (words) => words,
  networkText: () => '',
}
