import { expect, test } from 'vitest'
import { exitCodeOf } from '../../../../src/dispatch.ts'
import { parseOptions } from '../../../../bench/soak/options.ts'

test('a soak is 120 days at a day a second unless told otherwise', () => {
  expect(parseOptions([])).toMatchObject({
    accounts: 400,
    days: 120,
    pace: 1,
    retentionDays: 40,
    tolerance: 0.05,
  })
  expect(parseOptions(['--pace', '0', '--tolerance', '10'])).toMatchObject({ pace: 0, tolerance: 0.1 })
  expect(parseOptions(['--help'])).toBe(null)
})

test.each([
  [['--days', '100']],
  [['--retention', '41']],
  [['--pace', '-1']],
  [['--accounts', 'many']],
  [['--days', '30', '--retention', '10', '--every', '11']],
  [['--nothing']],
])('refuses %j', (args) => {
  expect(() => parseOptions(args)).toThrow(expect.toSatisfy((error) => exitCodeOf(error) === 2))
})
