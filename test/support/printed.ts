import { readFile } from 'node:fs/promises'
import { expect, vi } from 'vitest'

/** What a command that succeeds prints with `--json`; progress is kept off the terminal. */
export const printed = async (
  command: (args: readonly string[]) => Promise<number>,
  args: readonly string[],
): Promise<unknown> => {
  vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  const out = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  try {
    expect(await command([...args, '--json'])).toBe(0)
    return JSON.parse(out.mock.calls.map(([chunk]) => String(chunk)).join(''))
  } finally {
    vi.restoreAllMocks()
  }
}

/** The scores of a file of `sluice score` by payment. */
export const scoresIn = async (file: string): Promise<ReadonlyMap<string, number>> => {
  const [, ...lines] = (await readFile(file, 'utf8')).trim().split(/\r?\n/)
  return new Map(lines.map((line) => [line.split(',')[0]!, Number(line.split(',')[1])]))
}
