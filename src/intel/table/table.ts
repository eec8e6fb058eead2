import {
  intelSubjectOf,
  intelSubjects,
  type Intelligence,
  type IntelSubject,
  type Listing,
} from '../../domain/intelligence.ts'
import type { Payment } from '../../domain/payment.ts'
import { contains as holds, parseNetwork } from '../address.ts'
import { hostsAround } from '../domain.ts'
import type { Together } from '../pattern/alternatives.ts'
import type { Indicator } from '../stix/indicator.ts'
import { keyedKey, type Term, type TermKind } from '../term.ts'
import { createIndicatorRows, none } from './indicators.ts'
import { createPostings, type HashText, type Thing } from './postings.ts'

/** `stale`: a newer version is there. `revoked`: it lists nothing any more. `listed` has what could not be kept. */
export type Put =
  | { readonly kind: 'stale' | 'revoked' }
  | { readonly kind: 'listed'; readonly kept: number; readonly crowded: number }

export type IntelTable = Intelligence & {
  readonly put: (indicator: Indicator) => Put
  /** @param uuid of the indicator's id */
  readonly remove: (uuid: string) => void
  /** The name of whoever makes indicators. */
  readonly nameSource: (identity: string, name: string) => void
  /** As `find`, for one thing by itself. */
  readonly findTerm: (term: Term, at: number) => Listing | null
  /** Whether `settle` has something to do; nothing may be put or removed while it does. */
  readonly isDue: () => boolean
  readonly settle: () => Generator<void, void, undefined>
  /**
   * Forgets indicators that ended before that time, in pieces: one at each `next`. Nothing else may be put, removed or
   * settled until it is done.
   * @param before epoch ms
   */
  readonly expire: (before: number) => Generator<void, void, undefined>
  readonly size: () => number
  readonly count: (kind: TermKind) => number
  readonly networks: () => number
  /** Roughly. */
  readonly bytes: () => number
}

/** Indicators that are looked at in one piece of work. */
const pieceRows = 1_024

/** Distinct makers of indicators; beyond, their indicators have no source. */
const sourcesMax = 65_536

const createSources = () => {
  const ids: string[] = ['']
  const rows = new Map<string, number>([['', 0]])
  const names = new Map<string, string>()
  return {
    row: (id: string): number => {
      const known = rows.get(id)
      if (known !== undefined) return known
      if (ids.length >= sourcesMax) return 0
      rows.set(id, ids.length)
      return ids.push(id) - 1
    },
    name: (row: number): string => names.get(ids[row] ?? '') ?? ids[row] ?? '',
    setName: (id: string, name: string): void => {
      if (names.has(id) || names.size < sourcesMax) names.set(id, name)
    },
  }
}

/** What a payment names; null: it names none, or what it names cannot be read. */
const thingOf = (subject: IntelSubject, payment: Payment): Thing | null => {
  const text = intelSubjectOf[subject](payment)
  if (text === null) return null
  if (subject !== 'ip') return { kind: subject, key: text, network: null }
  const network = parseNetwork(text)
  return network === null ? null : { kind: 'ip', key: text, network }
}

/** A thing that an indicator names, and with what: `besides` is empty where it is enough by itself. */
type Listed = {
  readonly term: Term
  readonly besides: readonly (readonly Term[])[]
  readonly crowded: number
}

/** Of one thing: a look-up tries them all. */
const besidesMax = 255

/**
 * Each thing once, whatever number of alternatives name it: an indicator that says one thing hundreds of times must not
 * take the places of the others that list it.
 */
const listedBy = (alternatives: readonly Together[]): Iterable<Listed> => {
  const things = new Map<
    string,
    { term: Term; isAlone: boolean; besides: (readonly Term[])[]; crowded: number }
  >()
  for (const together of alternatives)
    for (const term of together) {
      const name = `${term.kind} ${term.key}`
      const thing = things.get(name) ?? { term, isAlone: false, besides: [], crowded: 0 }
      things.set(name, thing)
      if (together.length === 1) thing.isAlone = true
      else if (thing.besides.length < besidesMax) thing.besides.push(together.filter((each) => each !== term))
      else thing.crowded++
    }
  return [...things.values()].map(({ term, isAlone, besides, crowded }) =>
    isAlone ? { term, besides: [], crowded: 0 } : { term, besides, crowded },
  )
}

/** The keyed hash under which members share a subject's value; null: that kind is not shared. */
export type SharedHash = (subject: IntelSubject, value: string) => string | null

const unshared: SharedHash = () => null

/**
 * All indicators in typed arrays. Each change is done at once and is small; only `settle` takes longer, in pieces.
 * @param sharedHash asked only while something is listed by a keyed hash
 */
export const createIntelTable = (hashText: HashText, sharedHash: SharedHash = unshared): IntelTable => {
  const indicators = createIndicatorRows()
  const postings = createPostings(hashText)
  const sources = createSources()
  /** What a payment must name besides; few indicators ask for that. */
  const besides = new Map<number, Listed['besides']>()

  const drop = (row: number): void => {
    for (let posting = indicators.first.get(row); posting !== none;) {
      const next = postings.next.get(posting)
      besides.delete(posting)
      postings.remove(posting)
      posting = next
    }
    indicators.first.set(row, none)
  }

  const forget = (row: number): void => {
    drop(row)
    indicators.remove(row)
  }

  const post = (row: number, listed: Listed): boolean => {
    const posting = postings.add(listed.term, row)
    if (posting < 0) return false
    postings.next.set(posting, indicators.first.get(row))
    indicators.first.set(row, posting)
    if (listed.besides.length > 0) besides.set(posting, listed.besides)
    return true
  }

  const list = (row: number, { alternatives }: Indicator): Put => {
    let [kept, crowded] = [0, 0]
    for (const listed of listedBy(alternatives)) {
      crowded += listed.crowded
      if (post(row, listed)) kept++
      else crowded++
    }
    return { kind: 'listed', kept, crowded }
  }

  const isStronger = (row: number, than: number): boolean => {
    if (than < 0) return true
    const [one, other] = [indicators.confidence(row), indicators.confidence(than)]
    const difference = (Number.isNaN(one) ? -1 : one) - (Number.isNaN(other) ? -1 : other)
    if (difference !== 0) return difference > 0
    const newer = indicators.modifiedAt(row) - indicators.modifiedAt(than)
    return newer !== 0 ? newer > 0 : indicators.isBefore(row, than)
  }

  const strongest = (
    thing: Thing,
    at: number,
    isNamed: (besides: readonly Term[]) => boolean,
    than: number,
  ): number => {
    let best = than
    postings.visit(thing, (posting) => {
      const row = postings.indicator(posting)
      if (!indicators.isValid(row, at) || row === best) return
      const more = besides.get(posting)
      if (more !== undefined && !more.some(isNamed)) return
      if (isStronger(row, best)) best = row
    })
    return best
  }

  const listingOf = (row: number): Listing | null =>
    row < 0
      ? null
      : {
          id: `indicator--${indicators.uuid(row)}`,
          source: sources.name(indicators.source(row)),
          confidence: indicators.confidence(row),
          modifiedAt: indicators.modifiedAt(row),
          tlp: indicators.tlp(row),
        }

  const isSubject = (kind: TermKind): kind is IntelSubject => intelSubjects.some((each) => each === kind)
  /** What a payment's subject is called among members; null: nothing is listed so, or the payment does not name it. */
  const keyedOf = (subject: IntelSubject, payment: Payment): Thing | null => {
    if (postings.count('keyed') === 0) return null
    const text = intelSubjectOf[subject](payment)
    const hash = text === null ? null : sharedHash(subject, text)
    return hash === null ? null : { kind: 'keyed', key: keyedKey(subject, hash), network: null }
  }
  const names = (payment: Payment, { kind, key, network }: Term): boolean => {
    if (kind === 'keyed') return intelSubjects.some((subject) => keyedOf(subject, payment)?.key === key)
    const named = isSubject(kind) ? thingOf(kind, payment) : null
    if (named === null) return false
    return network === null || named.network === null ? named.key === key : holds(network, named.network)
  }

  return {
    put: (indicator) => {
      const known = indicators.find(indicator.uuid)
      if (known >= 0 && indicators.modifiedAt(known) > indicator.modifiedAt) return { kind: 'stale' }
      const source = sources.row(indicator.createdBy)
      if (known >= 0) {
        drop(known)
        indicators.set(known, indicator, source)
      }
      const row = known >= 0 ? known : indicators.add(indicator, source)
      return indicator.revoked ? { kind: 'revoked' } : list(row, indicator)
    },
    remove: (uuid) => {
      const row = indicators.find(uuid)
      if (row >= 0) forget(row)
    },
    nameSource: sources.setName,
    find: (subject, payment, at) => {
      const thing = thingOf(subject, payment)
      if (thing === null) return null
      const isNamed = (more: readonly Term[]): boolean => more.every((each) => names(payment, each))
      const plain = strongest(thing, at, isNamed, -1)
      const keyed = keyedOf(subject, payment)
      return listingOf(keyed === null ? plain : strongest(keyed, at, isNamed, plain))
    },
    findTerm: (term, at) => {
      const terms = term.kind === 'domain' ? hostsAround(term.key) : [term.key]
      let best = -1
      for (const key of terms) best = strongest({ ...term, key }, at, () => false, best)
      return listingOf(best)
    },
    *expire(before) {
      for (let row = 0; row < indicators.end; row++) {
        if (row % pieceRows === 0) yield
        if (indicators.until(row) >= before) continue
        forget(row)
        if (postings.isDue()) yield* postings.settle()
      }
    },
    isDue: postings.isDue,
    settle: postings.settle,
    size: () => indicators.size,
    count: postings.count,
    networks: () => postings.networks,
    bytes: () => indicators.bytes + postings.bytes,
  }
}
