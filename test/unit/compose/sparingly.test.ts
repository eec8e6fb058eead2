import { expect, it } from 'vitest'
import { createSparingly } from '../../../src/compose/sparingly.ts'

it('says the first at once, and later one in a while with how many were left out', () => {
  let now = 5
  const said: number[] = []
  const sparingly = createSparingly(1_000, () => now)
  const happen = (): void => sparingly((leftOut) => said.push(leftOut))
  for (let i = 0; i < 100; i++) happen()
  expect(said).toEqual([0])
  now += 999
  happen()
  expect(said).toEqual([0])
  now += 1
  happen()
  happen()
  expect(said).toEqual([0, 100])
})
