import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { faults } from '../faults/faults.ts'
import { plant, type Fault } from '../faults/plant.ts'

describe('the list of faults', () => {
  test.each(faults)('$name still fits its file', (fault) => {
    expect(plant(readFileSync(fault.file, 'utf8'), fault)).toContain(fault.replacement)
    expect(fault.tests.filter((file) => !existsSync(file))).toEqual([])
    expect(fault.tests).not.toEqual([])
  })

  test('gives each a name of its own', () => {
    expect(new Set(faults.map(({ name }) => name)).size).toBe(faults.length)
  })
})

describe('a fault', () => {
  const fault: Fault = { name: 'f', file: 'a.ts', original: 'a > b', replacement: 'a >= b', tests: [] }

  test('is planted where its text stands', () => {
    expect(plant('if (a > b) x', fault)).toBe('if (a >= b) x')
  })
  test('puts in just what it says', () => {
    expect(plant('if (a > b) x', { ...fault, replacement: '$&$1' })).toBe('if ($&$1) x')
  })
  test.each(['if (a < b) x', 'a > b || a > b'])('does not fit %s', (text) => {
    expect(() => plant(text, fault)).toThrow(/^f: its text stands [02] times in a.ts/)
  })
  test('must change something', () => {
    expect(() => plant('a > b', { ...fault, replacement: 'a > b' })).toThrow('changes nothing')
  })
})
