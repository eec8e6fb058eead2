import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parsePattern } from '../../../../src/intel/pattern/parse.ts'
import { PatternError } from '../../../../src/intel/pattern/token.ts'

const problem = (pattern: string): string => {
  try {
    parsePattern(pattern)
  } catch (error) {
    if (error instanceof PatternError) return error.message
    throw error
  }
  return ''
}

describe('a pattern', () => {
  test('is an observation of an object whose property has a value', () => {
    expect(parsePattern("[ipv4-addr:value = '10.0.0.1']")).toEqual({
      kind: 'observed',
      comparison: {
        kind: 'test',
        object: 'ipv4-addr',
        path: 'value',
        negated: false,
        operator: '=',
        values: ['10.0.0.1'],
      },
    })
  })

  test.each([
    ["[file:hashes.'SHA-256' = 'ab']", 'hashes.SHA-256'],
    ["[email-message:body_multipart[*].body_raw_ref.name = 'x']", 'body_multipart[*].body_raw_ref.name'],
    ["[a:b[3].c = 'x']", 'b[3].c'],
  ])('%s has the path %s', (pattern, path) => {
    expect(parsePattern(pattern)).toMatchObject({ comparison: { path } })
  })

  test('AND binds more than OR, inside and outside of observations', () => {
    expect(parsePattern("[a:b='1' OR a:b='2' AND a:b='3']")).toMatchObject({
      comparison: { kind: 'or', parts: [{ values: ['1'] }, { kind: 'and' }] },
    })
    expect(parsePattern("[a:b='1'] OR [a:b='2'] AND [a:b='3'] FOLLOWEDBY [a:b='4']")).toMatchObject({
      kind: 'followedBy',
      parts: [{ kind: 'or', parts: [{ kind: 'observed' }, { kind: 'and' }] }, { kind: 'observed' }],
    })
  })

  test.each([
    "[a:b MATCHES '(a+)+$']",
    "[a:b LIKE '%x_']",
    "[a:b NOT IN ('x', 3, true)]",
    '[EXISTS a:b]',
    '[a:b >= -3.5]',
    "[a:b = h'00ff' AND a:c = b'AA==' AND a:d < t'2020-01-01T00:00:00Z']",
    "([a:b='1'] AND [a:b='2']) WITHIN 300 SECONDS",
    "[a:b='1'] REPEATS 5 TIMES START t'2020-01-01T00:00:00Z' STOP t'2021-01-01T00:00:00Z'",
    "[ /* what */ a:b = 'it\\'s' ] // why",
    "[(((a:b = '\\\\')))]",
    "\n[a:b == '1' OR a:b <> '2']",
  ])('%s is in the grammar', (pattern) => {
    expect(problem(pattern)).toBe('')
  })

  test.each([
    ['', 'expected [ at character 1'],
    ['[', 'expected the type of an object'],
    ["[a:b = 'x'", 'expected ]'],
    ["[a:b = 'x]", "expected a closing ' at character 8"],
    ["[a:b 'x']", 'expected an operator'],
    ["[a:b constructor 'x']", 'expected an operator'],
    ["[a = 'x']", 'expected :'],
    ['[a:b = x]', 'expected a constant'],
    ['[a:b IN ()]', 'expected a constant'],
    ["[a:b = 'x'] [a:b = 'y']", 'expected the end at character 13'],
    ["[a:b = 'x\\n']", "expected \\' or \\\\"],
    ['[a:b = "x"]', 'unexpected character'],
    ["[a:b = 'x'] WITHIN SECONDS", 'expected a constant'],
    ["[a:b = 'x' /* ]", 'expected */'],
  ])('%j is not, and says where: %s', (pattern, expected) => {
    expect(problem(pattern)).toContain(expected)
  })

  test('that is hostile is refused at once', () => {
    const started = performance.now()
    expect(problem('('.repeat(60_000))).toContain('at most 32 parentheses')
    expect(problem(`[${'('.repeat(60_000)}`)).toContain('at most 32 parentheses')
    expect(problem(`[a:b = '${'x'.repeat(70_000)}']`)).toContain('at most 65536 characters')
    expect(problem(`[a:b IN (${"'x',".repeat(16_000)}'x')]`)).toBe('')
    expect(problem(`[a${'.b'.repeat(30_000)}:c = 'x']`)).toContain('expected :')
    expect(problem(`[${"a:b='x' OR ".repeat(5_000)}a:b='x']`)).toBe('')
    expect(problem(`[a:b = 'x']${' REPEATS 2 TIMES'.repeat(4_000)}`)).toBe('')
    expect(problem(`${'/* */'.repeat(13_000)}[`)).toContain('expected the type')
    expect(performance.now() - started).toBeLessThan(5_000)
  })

  test('of any characters is read or refused, never anything else', () => {
    const piece = fc.constantFrom(
      '[',
      ']',
      '(',
      ')',
      "'",
      '\\',
      ':',
      '.',
      ',',
      '=',
      'IN',
      'AND',
      'a:b',
      ' ',
      "'x'",
      '*',
      '1',
      "t'",
      '//',
    )
    fc.assert(fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => void problem(pieces.join(''))))
    fc.assert(fc.property(fc.string(), (text) => void problem(text)))
  })
})
