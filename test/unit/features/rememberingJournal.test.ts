import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Journal, JournalEntry } from '../../../src/domain/journal.ts'
import { createMemoryJournal } from '../../../src/features/journal.memory.ts'
import { createRememberingJournal } from '../../../src/features/journal.remembering.ts'
import { journals } from '../../support/conformance/journals.ts'

const entry = (paymentId: string, answer: string, content = 'aa'): JournalEntry => ({
  paymentId,
  attempt: 1,
  contentHash: `00000000000000${content}`,
  bytes: Buffer.from(answer),
})

/** A shared journal that can be away and can lose what it holds. */
const createShared = () => {
  const empty = () => createMemoryJournal({ now: () => 0 })
  let journal = empty()
  let away = false
  const shared: Journal = {
    first: (entries) =>
      away ? Promise.resolve(entries.map(() => ({ kind: 'unknown' }))) : journal.first(entries),
  }
  return {
    shared,
    leave: () => (away = true),
    comeBack: () => (away = false),
    lose: () => (journal = empty()),
  }
}

describe('a journal that remembers', () => {
  describe('is a journal', () => {
    journals(async () => {
      const shared = createMemoryJournal({ now: () => 0 })
      return [createRememberingJournal(shared), createRememberingJournal(shared)]
    }, 100)
  })

  it('gives the same answer while the shared one is away, and knows a used id', async () => {
    const { shared, leave } = createShared()
    const journal = createRememberingJournal(shared)
    await journal.first([entry('a', 'one')])
    leave()
    expect(await journal.first([entry('a', 'two'), entry('a', 'three', 'bb')])).toEqual([
      { kind: 'repeated', bytes: Buffer.from('one') },
      { kind: 'reused' },
    ])
  })

  it('gives what was answered while the shared one was away also after its return, to everybody', async () => {
    const { shared, leave, comeBack } = createShared()
    const [journal, other] = [createRememberingJournal(shared), createRememberingJournal(shared)]
    leave()
    expect(await journal.first([entry('a', 'one'), entry('a', 'two')])).toEqual([
      { kind: 'unknown' },
      { kind: 'repeated', bytes: Buffer.from('one') },
    ])
    comeBack()
    const one = [{ kind: 'repeated', bytes: Buffer.from('one') }]
    expect(await journal.first([entry('a', 'three')])).toEqual(one)
    expect(await other.first([entry('a', 'four')])).toEqual(one)
  })

  it('gives what was answered before the shared one lost its data', async () => {
    const { shared, lose } = createShared()
    const journal = createRememberingJournal(shared)
    await journal.first([entry('a', 'one')])
    lose()
    expect(await journal.first([entry('a', 'two')])).toEqual([
      { kind: 'repeated', bytes: Buffer.from('one') },
    ])
  })

  it('lets an answer go before that another instance gave', async () => {
    const { shared, leave, comeBack } = createShared()
    const [journal, other] = [createRememberingJournal(shared), createRememberingJournal(shared)]
    leave()
    await journal.first([entry('a', 'mine')])
    comeBack()
    await other.first([entry('a', 'theirs')])
    expect(await journal.first([entry('a', 'again')])).toEqual([
      { kind: 'repeated', bytes: Buffer.from('theirs') },
    ])
  })

  it('law: of one instance no payment and content gets two answers, whatever becomes of the shared one', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(
            fc.constantFrom('leave' as const, 'comeBack' as const, 'lose' as const),
            fc.array(
              fc.record({ id: fc.constantFrom('a', 'b', 'c'), content: fc.constantFrom('aa', 'bb') }),
              {
                maxLength: 4,
              },
            ),
          ),
        ),
        async (story) => {
          const world = createShared()
          const journal = createRememberingJournal(world.shared, 3)
          const given = new Map<string, string>()
          let proposals = 0
          for (const step of story) {
            if (typeof step === 'string') {
              world[step]()
              continue
            }
            const entries = step.map(({ id, content }) => entry(id, `answer ${++proposals}`, content))
            const replies = await journal.first(entries)
            for (const [i, { paymentId, contentHash, bytes }] of entries.entries()) {
              const reply = replies[i]
              const name = `${paymentId} ${contentHash}`
              const answer =
                reply?.kind === 'reused' ? 'reused' : String(reply?.kind === 'repeated' ? reply.bytes : bytes)
              expect(given.get(name) ?? answer).toBe(answer)
              given.set(name, answer)
            }
          }
        },
      ),
    ))
})
