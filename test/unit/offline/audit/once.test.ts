import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Audit } from '../../../../src/domain/audit.ts'
import { onceEach, type OnceLimits } from '../../../../src/offline/audit/once.ts'
import { createRecent } from '../../../../src/recent.ts'
import { anAudit } from '../../../support/audited.ts'

type Row = { readonly id: string; readonly hasRow: boolean }

const auditOf = ({ id, hasRow }: Row): Audit => ({
  ...anAudit(id, 'a-model/1', { probability: 0.1, outcome: 'ALLOW' }, {}),
  features: hasRow ? [1] : [],
})

/** What comes through, and the order in which it does; how many had been asked for by then. */
const through = async (rows: readonly Row[], limits?: OnceLimits) => {
  let asked = 0
  const source = async function* () {
    for (const row of rows) {
      asked++
      yield auditOf(row)
    }
  }
  const found: { readonly id: string; readonly hasRow: boolean; readonly after: number }[] = []
  for await (const { decision, features } of onceEach(source(), limits))
    found.push({ id: decision.paymentId, hasRow: features.length > 0, after: asked })
  return found
}
const row = (id: string, hasRow = true): Row => ({ id, hasRow })

/** Everything is remembered for ever. */
const naive = (rows: readonly Row[]): readonly Row[] => {
  const best = new Map<string, Row>()
  for (const each of rows) if (!(best.get(each.id)?.hasRow ?? false)) best.set(each.id, each)
  return [...best.values()]
}

describe('each decision once', () => {
  it('takes the record that has the row, whichever comes first', async () => {
    expect(await through([row('a', false), row('b'), row('a'), row('b', false)])).toMatchObject([
      { id: 'b', hasRow: true },
      { id: 'a', hasRow: true },
    ])
    expect(await through([row('a', false)])).toMatchObject([{ id: 'a', hasRow: false }])
  })

  it('takes a payment decided again under another record for another decision', async () => {
    const source = async function* () {
      yield auditOf(row('a'))
      yield { ...auditOf(row('a')), sourceOffset: 99 }
    }
    const found: Audit[] = []
    for await (const each of onceEach(source())) found.push(each)
    expect(found).toHaveLength(2)
  })

  it('holds no more than it may: what waits longest for a row goes on without', async () => {
    const rows = Array.from({ length: 9 }, (_, i) => row(`p${i}`, false))
    const found = await through(rows, { decisions: 100, waiting: 2 })
    expect(found.map(({ id }) => id)).toEqual(rows.map(({ id }) => id))
    expect(Math.max(...found.map(({ id, after }) => after - Number(id.slice(1))))).toBeLessThanOrEqual(5)
  })

  it('is what remembering everything would give, where the records of a decision stand near each other', async () => {
    const anyRows = fc.array(fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd'), hasRow: fc.boolean() }))
    await fc.assert(
      fc.asyncProperty(anyRows, async (rows) => {
        const found = await through(rows, { decisions: 4, waiting: 4 })
        const sorted = (all: readonly Row[]) => all.map(({ id, hasRow }) => `${id} ${hasRow}`).toSorted()
        expect(sorted(found)).toEqual(sorted(naive(rows)))
      }),
    )
  })
})

describe('what is remembered lately', () => {
  it('is the last keys, never twice as many as asked for, and each forgotten one is told once', () => {
    const key = fc.nat(12).map(String)
    fc.assert(
      fc.property(fc.array(key), fc.integer({ min: 1, max: 5 }), (keys, most) => {
        const recent = createRecent<string>(most)
        const forgotten: string[] = []
        keys.forEach((each, i) => {
          forgotten.push(...recent.put(each, each).map(([old]) => old))
          expect(recent.values().length).toBeLessThanOrEqual(2 * most)
          const last = [...new Set(keys.slice(0, i + 1).toReversed())].slice(0, most)
          for (const one of last) expect(recent.has(one)).toBe(true)
        })
        const distinct = new Set(keys)
        expect(new Set([...forgotten, ...recent.values()])).toEqual(distinct)
      }),
    )
  })
})
