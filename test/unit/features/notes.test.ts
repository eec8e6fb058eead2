import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addNote,
  bytesOfNotes,
  countNotes,
  latestNote,
  noNotes,
  type NoteKind,
  type Notes,
  type Sight,
  type Span,
  type Told,
} from '../../../src/features/notes.ts'

const told = (kind: NoteKind, id: number, at: number, position = 0, over: Partial<Told> = {}): Told => ({
  kind,
  at,
  knownAt: at,
  position,
  idLow: id,
  idHigh: 0,
  tried: 0,
  ...over,
})
const noted = (...all: readonly Told[]): Notes => all.reduce(addNote, noNotes)

const everything: Sight = { before: Infinity, effectiveAt: Infinity }
const always: Span = { start: -Infinity, end: Infinity }
const count = (notes: Notes, kind: NoteKind, sight = everything, span = always): number =>
  countNotes(notes, kind, sight, span)

describe('notes', () => {
  test('are none, and take no memory, until there is one', () => {
    addNote(noNotes, told('BLOCK', 1, 5))
    expect([noNotes.length, bytesOfNotes(noNotes)]).toEqual([0, 0])
    expect(count(noNotes, 'FRAUD')).toBe(0)
    expect(latestNote(noNotes, 'FRAUD', everything, always)).toBe(-Infinity)
  })

  test('of another kind, id or attempt are another', () => {
    const notes = noted(
      told('BLOCK', 1, 5),
      told('BLOCK', 1, 6),
      told('BLOCK', 2, 5),
      told('BLOCK', 1, 5, 0, { idHigh: 1 }),
      told('BLOCK', 1, 5, 0, { tried: 1 }),
      told('DECLINED', 1, 5),
    )
    expect([count(notes, 'BLOCK'), count(notes, 'DECLINED'), count(notes, 'STEP_UP_FAILED')]).toEqual([
      4, 1, 0,
    ])
  })

  test('lie after the start of a span and not after its end', () => {
    const notes = noted(told('BLOCK', 1, 4), told('BLOCK', 2, 5), told('BLOCK', 3, 6))
    expect(count(notes, 'BLOCK', everything, { start: 4, end: 5 })).toBe(1)
    expect(latestNote(notes, 'BLOCK', everything, { start: 4, end: 5 })).toBe(5)
    expect(latestNote(notes, 'BLOCK', everything, { start: 4, end: 4.5 })).toBe(-Infinity)
  })

  test('are found through disorder', () => {
    const notes = noted(told('BLOCK', 1, 9), told('BLOCK', 2, 1), told('BLOCK', 3, 7))
    expect(count(notes, 'BLOCK', everything, { start: 5, end: 9 })).toBe(2)
    expect(latestNote(notes, 'BLOCK', everything, { start: 5, end: 9 })).toBe(9)
  })

  test('are seen where they stand before, and were known by then', () => {
    const notes = noted(told('LOGIN_FAILED', 1, 5, 100))
    const seen = (before: number, effectiveAt: number): number =>
      count(notes, 'LOGIN_FAILED', { before, effectiveAt })
    expect([seen(100, 5), seen(101, 4), seen(101, 5)]).toEqual([0, 0, 1])
  })

  test('of a payment with several labels are one, at the time of the first', () => {
    const notes = noted(told('FRAUD', 1, 5), told('GENUINE', 1, 6, 10), told('FRAUD', 1, 7, 20))
    const seen = (before: number): readonly number[] => [
      count(notes, 'FRAUD', { before, effectiveAt: 9 }),
      latestNote(notes, 'FRAUD', { before, effectiveAt: 9 }, always),
    ]
    expect([0, 10, 20, 30].map(seen)).toEqual([
      [0, -Infinity],
      [1, 5],
      [0, -Infinity],
      [1, 5],
    ])
  })

  test('are weighed', () => {
    const many = noted(...Array.from({ length: 100 }, (_, id) => told('LOGIN_FAILED', id, id)))
    expect(bytesOfNotes(many)).toBe(100 * bytesOfNotes(noted(told('LOGIN_FAILED', 1, 1))))
  })
})

describe('any notes', () => {
  const kind = fc.constantFrom<NoteKind>('FRAUD', 'FRAUD', 'GENUINE', 'BLOCK', 'LOGIN_FAILED')
  const time = fc.integer({ min: 0, max: 12 })
  /** Enough of each kind for a table, of few enough ids for repeats and for equal halves of ids. */
  const one = fc.record({
    kind,
    at: time,
    knownAt: time,
    idLow: fc.integer({ min: 0, max: 20 }),
    idHigh: fc.integer({ min: 0, max: 4 }),
    tried: fc.constantFrom(0, 0, 1),
  })
  const several = fc
    .array(one, { maxLength: 400, size: 'max' })
    .map((all) => all.map((each, position) => ({ ...each, position })))
  const sight = fc.record({ before: fc.integer({ min: 0, max: 400 }), effectiveAt: time })

  const isLabel = (each: NoteKind): boolean => each === 'FRAUD' || each === 'GENUINE'
  const aboutSame = (x: Told, y: Told): boolean =>
    x.idLow === y.idLow && x.idHigh === y.idHigh && x.tried === y.tried

  /** Times of all that counts, by filtering arrays. */
  const expected = (
    all: readonly Told[],
    wanted: NoteKind,
    { before, effectiveAt }: Sight,
  ): readonly number[] => {
    const seen = all.filter(({ position }) => position < before)
    if (wanted !== 'FRAUD')
      return seen
        .filter((each) => each.kind === wanted)
        .filter((each, n, same) => same.findIndex((other) => aboutSame(each, other)) === n)
        .filter(({ knownAt }) => knownAt <= effectiveAt)
        .map(({ at }) => at)
    const labels = seen
      .filter((each) => isLabel(each.kind))
      .filter(
        (each, n, same) =>
          same.findIndex(
            (other) => aboutSame(each, other) && other.kind === each.kind && other.knownAt === each.knownAt,
          ) === n,
      )
    return labels
      .filter((each, n) => labels.findIndex((other) => aboutSame(each, other)) === n)
      .filter((first) => {
        const known = labels.filter((other) => aboutSame(first, other) && other.knownAt <= effectiveAt)
        return known.toSorted((x, y) => x.knownAt - y.knownAt).at(-1)?.kind === 'FRAUD'
      })
      .map(({ at }) => at)
  }

  test('are counted, and their latest found, as filtering an array does', () => {
    fc.assert(
      fc.property(several, sight, time, time, (all, seen, start, end) => {
        const notes = noted(...all)
        for (const wanted of ['FRAUD', 'BLOCK', 'LOGIN_FAILED', 'DECLINED'] as const) {
          const times = expected(all, wanted, seen).filter((at) => at > start && at <= end)
          const span = { start, end }
          expect({
            wanted,
            count: countNotes(notes, wanted, seen, span),
            latest: latestNote(notes, wanted, seen, span),
          }).toEqual({ wanted, count: times.length, latest: Math.max(...times) })
        }
      }),
      { numRuns: 300 },
    )
  })
})
