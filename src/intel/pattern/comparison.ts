import { isSingle } from '../address.ts'
import { keyedKey, type Term } from '../term.ts'
import { anyOf, both, narrow, type Compiled, type Together } from './alternatives.ts'
import { intelSubjects, type IntelLoss as LossReason } from '../../domain/intelligence.ts'
import type { Loss } from './loss.ts'
import { isTokenSubject, propertyOf } from './property.ts'
import type { Comparison, Test } from './tree.ts'
import { readToken, type ValueDeps } from './value.ts'

/** A test that is no term yet: what it is about shows only together with those beside it. */
type Clue =
  | { readonly kind: 'term'; readonly term: Term }
  | { readonly kind: 'given' }
  | { readonly kind: PartKind; readonly text: string }

type PartKind = 'accountType' | 'accountId' | 'keyedKind' | 'keyId' | 'keyedHash'

const loss = (reason: LossReason, detail: string): Loss => ({ reason, detail })
const lost = (reason: LossReason, detail: string): Compiled<never> => ({
  alternatives: [],
  losses: [loss(reason, detail)],
})

const compared: ReadonlySet<string> = new Set(['=', 'IN', 'ISSUBSET', 'ISSUPERSET'])

/** What keeps a test from being compiled, whatever its values are. */
const unfit = (test: Test, ofNetworks: boolean): Compiled<never> | null => {
  const { operator } = test
  if (test.negated || operator === '!=') return lost('NEGATION', `${test.object}:${test.path}`)
  if (!compared.has(operator)) return lost('OPERATOR', operator)
  const aboutNetworks = operator === 'ISSUBSET' || operator === 'ISSUPERSET'
  return aboutNetworks && !ofNetworks ? lost('OPERATOR', `${operator} of ${test.object}`) : null
}

const compileTest = (test: Test, deps: ValueDeps): Compiled<Clue> => {
  const name = `${test.object}:${test.path}`
  const property = propertyOf(test.object, test.path)
  if (property === null) return lost('OBJECT', name)
  const problem = unfit(test, property.kind === 'value' && property.ofNetworks)
  if (problem !== null) return problem
  const clues: Together<Clue>[] = []
  const losses: Loss[] = []
  for (const value of test.values) {
    if (property.kind === 'given') clues.push([{ kind: 'given' }])
    else if (value === null) losses.push(loss('VALUE', `${name}: no text`))
    else if (property.kind !== 'value') clues.push([{ kind: property.kind, text: value }])
    else {
      const term = property.read(value, deps)
      const network = term?.network ?? null
      if (term === null) losses.push(loss('VALUE', name))
      else if (test.operator === 'ISSUPERSET' && network !== null && !isSingle(network))
        losses.push(loss('NEVER', 'an address holds no network'))
      else clues.push([{ kind: 'term', term }])
    }
  }
  return { alternatives: clues, losses }
}

const compileClues = (comparison: Comparison, deps: ValueDeps): Compiled<Clue> => {
  if (comparison.kind === 'test') return compileTest(comparison, deps)
  const parts = comparison.parts.map((part) => compileClues(part, deps))
  return comparison.kind === 'or' ? anyOf(parts) : parts.reduce(both)
}

/** What the clues say of one part; null: they say two things, which is never true. */
const partOf = (clues: Together<Clue>, kind: PartKind): string | undefined | null => {
  const texts = new Set(clues.flatMap((clue) => (clue.kind === kind ? [clue.text] : [])))
  return texts.size > 1 ? null : [...texts][0]
}

const twoOfAKind = loss('NEVER', 'two of a kind')

/** A `user-account` is one of ours only if its type says which. */
const accountTerm = (clues: Together<Clue>): Term | Loss | null => {
  const [type, id] = [partOf(clues, 'accountType'), partOf(clues, 'accountId')]
  if (type === undefined && id === undefined) return null
  if (type === null || id === null) return twoOfAKind
  if (type === undefined || id === undefined || !isTokenSubject(type))
    return loss('OBJECT', 'user-account without an account_type of ours and a user_id')
  return readToken(type)(id, { hashContact: (contact) => contact }) ?? loss('VALUE', 'user-account:user_id')
}

const keyedHash = /^[0-9a-f]{64}$/

/** An identifier that another member shares is known to whoever has the key that it was hashed with. */
const keyedTerm = (clues: Together<Clue>, { sharedKeyId }: ValueDeps): Term | Loss | null => {
  const [kind, keyId, hash] = [partOf(clues, 'keyedKind'), partOf(clues, 'keyId'), partOf(clues, 'keyedHash')]
  if (kind === undefined && keyId === undefined && hash === undefined) return null
  if (kind === null || keyId === null || hash === null) return twoOfAKind
  if (kind === undefined || keyId === undefined || hash === undefined)
    return loss('OBJECT', 'payment-identifier without kind, key_id and hmac_sha256')
  if (keyId !== (sharedKeyId ?? null)) return loss('VALUE', 'payment-identifier under a key that is not ours')
  if (!intelSubjects.some((subject) => subject === kind) || !keyedHash.test(hash))
    return loss('VALUE', 'payment-identifier')
  return { kind: 'keyed', key: keyedKey(kind, hash), network: null }
}

const resolve = (clues: Together<Clue>, deps: ValueDeps): Together | Loss => {
  const terms = clues.flatMap((clue) => (clue.kind === 'term' ? [clue.term] : []))
  for (const made of [accountTerm(clues), keyedTerm(clues, deps)]) {
    if (made === null) continue
    if ('reason' in made) return made
    terms.unshift(made)
  }
  const narrowed = narrow(terms)
  if (narrowed === null) return twoOfAKind
  return narrowed.length === 0 ? loss('OBJECT', 'only the type of something') : narrowed
}

/** What is said of one observation, as alternatives. */
export const compileComparison = (comparison: Comparison, deps: ValueDeps): Compiled => {
  const { alternatives, losses } = compileClues(comparison, deps)
  const resolved = alternatives.map((each) => resolve(each, deps))
  const isLoss = (each: Together | Loss): each is Loss => 'reason' in each
  return {
    alternatives: resolved.filter((each): each is Together => !isLoss(each)),
    losses: losses.concat(resolved.filter(isLoss).slice(0, 16)),
  }
}
