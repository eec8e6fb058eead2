import { describe, expect, test } from 'vitest'
import { createProgressBar, progressLine } from '../../../src/commands/progressBar.ts'

const watched = (isTTY: boolean) => {
  const written: string[] = []
  const clock = { at: 0 }
  const terminal = { isTTY, write: (text: string | Uint8Array) => written.push(String(text)) > 0 }
  return { written, clock, bar: createProgressBar({ terminal, monotonic: () => clock.at }) }
}

describe('a progress bar', () => {
  test('says how far the work has come, how fast, and how long it will take', () => {
    expect(progressLine('records read', 500, 2_000, 5, true)).toBe(
      '[######..................] 25 %  500 of 2,000 records read, 100/s, 15 s to go',
    )
    expect(progressLine('records read', 500, 200_000, 5, false)).toBe(
      '0 %  500 of 200,000 records read, 100/s, 34 min to go',
    )
    expect(progressLine('histories', 500, null, 5, true)).toBe('500 histories, 100/s')
    expect(progressLine('records read', 0, 0, 1, true)).toContain('100 %')
  })

  test('is drawn again in its line on a terminal, a few times a second', () => {
    const { written, clock, bar } = watched(true)
    bar.at('records', 1, 10)
    clock.at = 100
    bar.at('records', 2, 10)
    clock.at = 300
    bar.at('records', 3, 10)
    bar.end()
    expect(written.length).toBe(3)
    expect(written[1]).toMatch(/^\r\[#######\.+\] 30 %/)
    expect(written.at(-1)).toBe('\r\u001b[K')
  })

  test('is a plain line every ten seconds elsewhere; another work begins anew', () => {
    const { written, clock, bar } = watched(false)
    for (clock.at = 0; clock.at <= 25_000; clock.at += 1_000) bar.at('records', clock.at, 50_000)
    bar.at('histories', 7, null)
    clock.at += 11_000
    bar.at('histories', 110, null)
    bar.end()
    expect(written).toEqual([
      '20 %  10,000 of 50,000 records, 1,000/s, 40 s to go\n',
      '40 %  20,000 of 50,000 records, 1,000/s, 30 s to go\n',
      '110 histories, 10/s\n',
    ])
  })
})
