import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  microseconds,
  pageOf,
  parseQuery,
  timestampOf,
  type Query,
} from '../../../../src/intel/taxii/query.ts'
import { createView, type ServedObject, type View } from '../../../../src/intel/taxii/view.ts'
import { aServed } from '../../../support/sharing/served.ts'

const query = (text: string): Query => {
  const parsed = parseQuery(new URLSearchParams(text))
  if ('fault' in parsed) throw new Error(parsed.fault)
  return parsed
}
const all = (): boolean => true
const viewOf = (objects: readonly ServedObject[]): View => {
  const view = createView(objects.length)
  objects.forEach(view.add)
  return view
}

describe('a query', () => {
  it('asks for a page of all by default, and never for a larger one', () => {
    expect(query('')).toMatchObject({ limit: 1_000, ids: null, types: null, versions: null })
    expect(query('limit=999999').limit).toBe(1_000)
  })

  it.each([
    'limit=0',
    'limit=-1',
    'limit=ten',
    'added_after=yesterday',
    'added_after=2026-13-40T00:00:00Z',
    'next=x',
    'match[version]=newest',
    'match[name]=x',
    'page=2',
  ])('refuses %s with what was expected', (text) => {
    expect(parseQuery(new URLSearchParams(text))).toMatchObject({ fault: expect.stringMatching(/expected/) })
  })

  it('takes times to the microsecond and gives them back', () => {
    expect(microseconds('2026-01-05T00:00:00.000001Z')).toBe(Date.UTC(2026, 0, 5) * 1000 + 1)
    expect(timestampOf(Date.UTC(2026, 0, 5) * 1000 + 1)).toBe('2026-01-05T00:00:00.000001Z')
    expect(microseconds('2026-01-05T00:00:00Z')).toBe(Date.UTC(2026, 0, 5) * 1000)
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e15 }), (us) => {
        expect(microseconds(timestampOf(us))).toBe(us)
      }),
    )
  })

  it('matches ids, types, versions and spec versions, several each', () => {
    const objects = ['a', 'b', 'c'].map((id, index) =>
      aServed({ id, type: id === 'c' ? 'sighting' : 'indicator', addedUs: index + 1 }),
    )
    const found = (text: string): readonly string[] =>
      pageOf(viewOf(objects), query(text), all).objects.map(({ id }) => id)
    expect(found('match[id]=a,c')).toEqual(['a', 'c'])
    expect(found('match[id]=a&match[id]=b')).toEqual(['a', 'b'])
    expect(found('match[type]=sighting')).toEqual(['c'])
    expect(found('match[type]=sighting&match[id]=a')).toEqual([])
    expect(found('match[version]=first,last')).toHaveLength(3)
    expect(found('match[version]=2026-01-05T00:00:00Z')).toHaveLength(3)
    expect(found('match[version]=2026-01-06T00:00:00Z')).toEqual([])
    expect(found('match[spec_version]=2.0')).toEqual([])
    expect(found(`added_after=${timestampOf(2)}`)).toEqual(['c'])
  })

  it('takes a second at most, however many versions a reader asks for: payments wait meanwhile', () => {
    const version = (at: number): string => timestampOf(Date.UTC(2026, 0, 6) * 1000 + at)
    const asked = query(`match[version]=${Array.from({ length: 700 }, (_, at) => version(at)).join(',')}`)
    const objects = Array.from({ length: 20_000 }, (_, at) => aServed({ id: `id-${at}`, addedUs: at + 1 }))
    const startedAt = performance.now()
    expect(pageOf(viewOf(objects), asked, all).objects).toEqual([])
    expect(performance.now() - startedAt).toBeLessThan(1_000)
    expect(pageOf(viewOf([aServed({ version: version(699) })]), asked, all).objects).toHaveLength(1)
  })

  it('for any objects, limit and reader: pages one after the other give each object he may read once, in order', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 1, max: 1_000 }), { maxLength: 30 }),
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 1, max: 4 }),
        (added, limit, share) => {
          const objects = added
            .toSorted((a, b) => a - b)
            .map((addedUs) => aServed({ id: `id-${addedUs}`, addedUs }))
          const view = viewOf(objects)
          const mayRead = ({ addedUs }: { readonly addedUs: number }): boolean => addedUs % share === 0
          const got: string[] = []
          let rest = ''
          for (let pages = 0; pages <= objects.length; pages++) {
            const page = pageOf(view, query(`limit=${limit}${rest}`), mayRead)
            got.push(...page.objects.map(({ id }) => id))
            expect(page.objects.length).toBeLessThanOrEqual(limit)
            if (!page.more) break
            rest = `&next=${page.objects.at(-1)?.addedUs}`
          }
          expect(got).toEqual(objects.filter(mayRead).map(({ id }) => id))
        },
      ),
    )
  })
})
