import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createTogether } from '../../../src/stream/together.ts'

/** Sends that end when the test says so. */
const played = () => {
  const sent: (readonly number[])[] = []
  const ends: { readonly succeed: () => void; readonly fail: () => void }[] = []
  const send = (items: readonly number[]): Promise<string> => {
    sent.push(items)
    return new Promise((resolve, reject) =>
      ends.push({
        succeed: () => resolve(`sent ${items.join()}`),
        fail: () => reject(new Error(`not sent ${items.join()}`)),
      }),
    )
  }
  return { sent, ends, together: createTogether(send) }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('sending together', () => {
  it('sends the first at once, and what comes meanwhile in one', async () => {
    const { sent, ends, together } = played()
    const answers = [together(1), together(2), together(3)]
    expect(sent).toEqual([[1]])
    ends[0]?.succeed()
    expect(await answers[0]).toBe('sent 1')
    expect(sent).toEqual([[1], [2, 3]])
    ends[1]?.succeed()
    expect(await Promise.all(answers)).toEqual(['sent 1', 'sent 2,3', 'sent 2,3'])
    answers.push(together(4))
    expect(sent.at(-1)).toEqual([4])
    ends[2]?.succeed()
    await answers[3]
  })

  it('fails for those that went together, and goes on', async () => {
    const { ends, together } = played()
    const answers = [together(1), together(2), together(3)]
    ends[0]?.fail()
    await expect(answers[0]).rejects.toThrow('not sent 1')
    ends[1]?.succeed()
    expect(await answers[2]).toBe('sent 2,3')
  })

  it('property: each once, in order, never two sends at a time', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('ask', 'succeed', 'fail'), { minLength: 1, maxLength: 40 }),
        async (steps) => {
          const { sent, ends, together } = played()
          const answers: Promise<PromiseSettledResult<string>[]>[] = []
          let ended = 0
          for (const step of steps) {
            if (step === 'ask') answers.push(Promise.allSettled([together(answers.length)]))
            else ends[ended]?.[step]()
            if (step !== 'ask' && ended < ends.length) ended++
            await turn()
            expect(ends.length - ended).toBeLessThanOrEqual(1)
          }
          for (; ended < ends.length; ended++) {
            ends[ended]?.succeed()
            await turn()
          }
          expect(sent.flat()).toEqual(answers.map((_, i) => i))
          expect((await Promise.all(answers)).flat()).toHaveLength(answers.length)
        },
      ),
    )
  })
})
