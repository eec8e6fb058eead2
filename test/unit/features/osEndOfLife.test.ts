import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createEndOfLife, hasEnded } from '../../../src/features/osEndOfLife.ts'
import { readEndOfLife } from '../../../src/features/osEndOfLife.file.ts'
import { parseEndOfLifePage } from '../../../src/features/osEndOfLifePage.ts'

const page = (permalink: string, ...releases: readonly string[]): string =>
  [
    '---',
    `permalink: ${permalink}`,
    'releases:',
    ...releases.map((each) => `  - { ${each} }`),
    '---',
    'Text.',
  ].join('\n')

const at = (day: string): number => Date.parse(`${day}T00:00:00Z`)

const ended = (
  text: string,
  platform: 'ANDROID' | 'WINDOWS' | 'MACOS',
  version: string,
  day: string,
): number => {
  const read = parseEndOfLifePage(text, 'page.md')
  return hasEnded(createEndOfLife(read?.cycles ?? [])(platform, version), at(day))
}

const android = page(
  '/android',
  'releaseCycle: "15", eol: false',
  'releaseCycle: "12.1", eol: 2025-03-03',
  'releaseCycle: "12", eol: 2024-03-04',
  'releaseCycle: "4", eol: true',
  'releaseCycle: "Honeycomb", eol: true',
)

describe('the end of support', () => {
  it.each([
    ['15', '2026-01-01', 0],
    ['12', '2024-03-03', 0],
    ['12', '2024-03-04', 1],
    ['12.0', '2024-12-01', 1],
    ['12.1', '2024-12-01', 0],
    ['4.4.4', '2000-01-01', 1],
    ['3', '2026-01-01', NaN],
    ['fifteen', '2026-01-01', NaN],
  ])('of Android %s on %s is %f', (version, day, expected) => {
    expect(ended(android, 'ANDROID', version, day)).toBe(expected)
  })

  it('of a build of Windows that is in several editions is known where they agree', () => {
    const windows = page(
      '/windows',
      'releaseCycle: "11-22h2-w", latest: 10.0.22621, eol: 2024-10-08',
      'releaseCycle: "11-22h2-e", latest: 10.0.22621, eol: 2025-10-14',
    )
    const on = (day: string): number => ended(windows, 'WINDOWS', '10.0.22621.3447', day)
    expect([on('2024-10-07'), on('2025-01-01'), on('2025-10-14')]).toEqual([0, NaN, 1])
    expect(ended(windows, 'WINDOWS', '10.0.99999', '2026-01-01')).toBeNaN()
  })

  it('of another platform is not told', () => {
    expect(ended(android, 'MACOS', '15', '2026-01-01')).toBeNaN()
  })
})

describe('a page of endoflife.date', () => {
  it('about something that devices do not report is left aside, and so are names that are no version', () => {
    expect(parseEndOfLifePage(page('/iphone', 'releaseCycle: "17", eol: false'), 'page.md')).toBeNull()
    expect(parseEndOfLifePage('# Read me\n', 'README.md')).toBeNull()
    expect(parseEndOfLifePage(android, 'page.md')?.leftOut).toBe(1)
  })

  it.each([
    ['no YAML', '---\n: {\n---\n', 'expected YAML between its lines of ---'],
    ['no list', '---\npermalink: /ios\n---\n', 'expected a list "releases"'],
    ['no end', page('/ios', 'releaseCycle: "17"'), 'releases[0].eol: expected true, false or a date'],
    ['a wrong day', page('/ios', 'releaseCycle: "17", eol: soon'), 'releases[0].eol: expected true'],
  ])('with %s is refused', (_, text, message) => {
    expect(() => parseEndOfLifePage(text, 'page.md')).toThrow(message)
  })
})

const data = `${process.env['SLUICE_DATA'] ?? '../shared/data'}/device-os`

describe.skipIf(!existsSync(data))('the pages as they are published', () => {
  it('tell of all four systems', async () => {
    const cycles = await readEndOfLife(data)
    expect([...new Set(cycles.map(({ platform }) => platform))].toSorted()).toEqual([
      'ANDROID',
      'IOS',
      'MACOS',
      'WINDOWS',
    ])
    const endOfLife = createEndOfLife(cycles)
    expect(hasEnded(endOfLife('MACOS', '10.14.6'), at('2026-01-01'))).toBe(1)
    expect(hasEnded(endOfLife('IOS', '17.4.1'), at('2025-05-12'))).toBe(0)
    expect(hasEnded(endOfLife('IOS', '17.4.1'), at('2025-05-13'))).toBe(1)
  })

  it('a folder without them is refused', async () => {
    await expect(readEndOfLife('schemas')).rejects.toThrow('expected a page of endoflife.date')
    await expect(readEndOfLife('no-such-folder')).rejects.toThrow('expected a folder of pages')
  })
})
