import { execFile } from 'node:child_process'
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { untilTrue } from '../until.ts'

const run = promisify(execFile)
const fetcher = fileURLToPath(new URL('../../../scripts/faketime.mjs', import.meta.url))

/** The clock of a process, which can be set while that runs. */
export type SettableClock = {
  /** What the process is to be started with. */
  readonly around: Readonly<Record<string, string>>
  /** The clock is so far ahead of the right one from about a second on; negative: behind. */
  readonly setAhead: (seconds: number) => Promise<void>
  readonly close: () => Promise<void>
}

/** Where libfaketime is not to be had it says why and gives null. */
export const openClock = async (): Promise<SettableClock | null> => {
  let library: string
  try {
    library = (await run(process.execPath, [fetcher])).stdout.trim()
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    process.stdout.write(`skipped: libfaketime is not to be had here: ${reason}\n`)
    return null
  }
  const folder = await mkdtemp(path.join(tmpdir(), 'sluice-clock-'))
  const file = path.join(folder, 'offset')
  const setAhead = async (seconds: number): Promise<void> => {
    // In one step: nobody reads half of it.
    await writeFile(`${file}.next`, seconds < 0 ? `${seconds}\n` : `+${seconds}\n`)
    await rename(`${file}.next`, file)
  }
  await setAhead(0)
  return {
    around: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_CACHE_DURATION: '1',
      // A clock that is set moves no timer.
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      NO_FAKE_STAT: '1',
    },
    setAhead,
    close: () => rm(folder, { recursive: true }),
  }
}

/** Resolves when a process says, in seconds, that its clock is so far ahead. */
export const untilAhead = (seconds: number, told: () => number): Promise<void> =>
  untilTrue(() => Math.abs(told() - seconds) < 600)
