import { expect, test } from 'vitest'
import type { Use, UsedOnce } from '../../../src/domain/usedOnce.ts'

const aUse = (id: string, owner: string, counter?: number): Use => ({
  id,
  owner,
  counter: counter === undefined ? null : { id: 'phone', value: counter },
})

/** What any memory of what was used must do. `create` gives one that remembers nothing yet. */
export const usedOnce = (create: () => Promise<UsedOnce>): void => {
  test('the first to use something has it, again and again', async () => {
    const store = await create()
    expect(await store.claim([aUse('a', 'one')])).toEqual(['FIRST'])
    expect(await store.claim([aUse('a', 'two'), aUse('b', 'two')])).toEqual(['USED', 'FIRST'])
    expect(await store.claim([aUse('a', 'one')])).toEqual(['FIRST'])
  })

  test('twice in one call is twice', async () => {
    const store = await create()
    expect(await store.claim([aUse('a', 'one'), aUse('a', 'two'), aUse('a', 'one')])).toEqual([
      'FIRST',
      'USED',
      'FIRST',
    ])
  })

  test('a counter must rise', async () => {
    const store = await create()
    expect(await store.claim([aUse('p 5', 'one', 5), aUse('p 6', 'two', 6)])).toEqual(['FIRST', 'FIRST'])
    expect(await store.claim([aUse('p 4', 'three', 4), aUse('p 6', 'three', 6)])).toEqual([
      'NOT_RISEN',
      'USED',
    ])
    expect(await store.claim([aUse('p 7', 'three', 7)])).toEqual(['FIRST'])
  })

  test('a record that is delivered again gets the reply that it got, whatever came after it', async () => {
    const store = await create()
    const early = [aUse('p 5', 'one', 5), aUse('p 3', 'two', 3)]
    expect(await store.claim(early)).toEqual(['FIRST', 'NOT_RISEN'])
    await store.claim([aUse('p 9', 'three', 9)])
    expect(await store.claim(early)).toEqual(['FIRST', 'NOT_RISEN'])
  })

  test('the largest counter is a counter', async () => {
    const store = await create()
    const [most, before] = [2 ** 32 - 1, 2 ** 32 - 2]
    expect(await store.claim([aUse('p a', 'one', before), aUse('p b', 'two', most)])).toEqual([
      'FIRST',
      'FIRST',
    ])
    expect(await store.claim([aUse('p c', 'three', most)])).toEqual(['NOT_RISEN'])
  })

  test('nothing is nothing', async () => {
    expect(await (await create()).claim([])).toEqual([])
  })
}
