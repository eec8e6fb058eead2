import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Journal, JournalEntry } from '../../../src/domain/journal.ts'

const anEntry = (over: Partial<JournalEntry> = {}): JournalEntry => ({
  paymentId: 'pay-1',
  attempt: 1,
  contentHash: '00000000000000aa',
  bytes: Buffer.from('answer'),
  ...over,
})

const anyEntry: fc.Arbitrary<JournalEntry> = fc
  .record({
    id: fc.nat(4),
    attempt: fc.integer({ min: 1, max: 2 }),
    content: fc.nat(2),
    bytes: fc.uint8Array(),
  })
  .map(({ id, attempt, content, bytes }) =>
    anEntry({
      paymentId: `p "${id}" é`,
      attempt,
      contentHash: `000000000000000${content}`,
      bytes: Buffer.from(bytes),
    }),
  )

/** What any journal must do. Resolves `create` anew for each test: two instances on one empty set of answers. */
export const journals = (create: () => Promise<readonly [Journal, Journal]>, runs: number): void => {
  test('who is first wins, and others get that answer', async () => {
    const [one, two] = await create()
    expect(await one.first([anEntry()])).toEqual([{ kind: 'first' }])
    expect(await two.first([anEntry({ bytes: Buffer.from('another') })])).toEqual([
      { kind: 'repeated', bytes: Buffer.from('answer') },
    ])
  })

  test('the same id with other content is no repetition', async () => {
    const [one, two] = await create()
    await one.first([anEntry()])
    expect(await two.first([anEntry({ contentHash: '00000000000000bb' })])).toEqual([{ kind: 'reused' }])
  })

  test('another attempt is another question', async () => {
    const [one] = await create()
    await one.first([anEntry()])
    expect(await one.first([anEntry({ attempt: 2 })])).toEqual([{ kind: 'first' }])
  })

  test('two entries for one payment meet in their order', async () => {
    const [one] = await create()
    const bytes = Buffer.from([0, 255, 128])
    expect(
      await one.first([
        anEntry({ bytes }),
        anEntry({ bytes: Buffer.from('late') }),
        anEntry({ contentHash: 'ffffffffffffffff' }),
      ]),
    ).toEqual([{ kind: 'first' }, { kind: 'repeated', bytes }, { kind: 'reused' }])
  })

  test('no entries, no replies', async () => {
    const [one] = await create()
    expect(await one.first([])).toEqual([])
  })

  test('two instances that race agree on one answer', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(anyEntry, { maxLength: 12 }),
        fc.array(anyEntry, { maxLength: 12 }),
        async (a, b) => {
          const [one, two] = await create()
          const replies = (await Promise.all([one.first(a), two.first(b)])).flat()
          const answers = new Map<string, { readonly contentHash: string; readonly bytes: Buffer }>()
          const entries = [...a, ...b].map((entry, i) => ({ ...entry, reply: replies[i] }))
          const nameOf = ({ paymentId, attempt }: JournalEntry): string => `${paymentId} ${attempt}`
          for (const entry of entries)
            if (entry.reply?.kind === 'first') {
              expect(answers.has(nameOf(entry))).toBe(false)
              answers.set(nameOf(entry), entry)
            }
          for (const entry of entries) {
            const answer = answers.get(nameOf(entry))
            if (entry.reply?.kind === 'repeated') expect(entry.reply.bytes).toEqual(answer?.bytes)
            const agrees = answer?.contentHash === entry.contentHash
            expect(entry.reply?.kind === 'reused').toBe(!agrees)
          }
        },
      ),
      { numRuns: runs },
    ))
}
