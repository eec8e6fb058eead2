import { expect, test } from 'vitest'
import { parseOptions } from '../../../../bench/overload/options.ts'
import { exitCodeOf } from '../../../../src/dispatch.ts'

test('a surge lasts 30 s unless told otherwise', () => {
  expect(parseOptions([])).toMatchObject({ seconds: 30, probeSeconds: 10, deadlineMs: 1_000, json: false })
  expect(parseOptions(['--seconds', '5', '--json'])).toMatchObject({ seconds: 5, json: true })
  expect(parseOptions(['--help'])).toBe(null)
})

test.each([[['--probe-seconds', '3']], [['--capacity', 'guessed']], [['--seconds', '0']], [['--nothing']]])(
  'refuses %j',
  (args) => {
    expect(() => parseOptions(args)).toThrow(expect.toSatisfy((error) => exitCodeOf(error) === 2))
  },
)
