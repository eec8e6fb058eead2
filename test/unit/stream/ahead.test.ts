import { expect, test } from 'vitest'
import { createAhead } from '../../../src/stream/ahead.ts'

test('what follows the look at the deadline counts, and nothing before it', () => {
  const ahead = createAhead(250)
  expect(ahead.ms()).toBe(0)
  ahead.observe('recall', 5)
  ahead.observe('wait', 5)
  expect(ahead.ms()).toBe(0)
  ahead.observe('journal', 0.02)
  ahead.observe('publish', 0.03)
  expect(ahead.ms()).toBeCloseTo(50)
})

test('a peak fades with each micro-batch that is faster', () => {
  const ahead = createAhead(250)
  ahead.observe('publish', 0.1)
  ahead.observe('publish', 0.01)
  expect(ahead.ms()).toBeCloseTo(90)
  for (let i = 0; i < 50; i++) ahead.observe('publish', 0.01)
  expect(ahead.ms()).toBeCloseTo(10)
})

test('a stall is never taken for more than the most', () => {
  const ahead = createAhead(250)
  ahead.observe('publish', 60)
  expect(ahead.ms()).toBe(250)
})
