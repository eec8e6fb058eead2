import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Stalls of the event loop of a process: its other threads and its connections live on. */
export type Stall = {
  /** What the process needs around it. */
  readonly around: Readonly<Record<string, string>>
  /** After the signal SIGUSR2 it lasts until this is called. */
  readonly end: () => Promise<void>
  readonly close: () => Promise<void>
}

/** Run in the process before anything of it: waits, as a long computation would, for a file to be there. */
const stalling = (file: string): string => `
import { existsSync } from 'node:fs'
const cell = new Int32Array(new SharedArrayBuffer(4))
process.on('SIGUSR2', () => { while (!existsSync(${JSON.stringify(file)})) Atomics.wait(cell, 0, 0, 20) })`

export const prepareStall = async (): Promise<Stall> => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-stall-'))
  const file = join(folder, 'over')
  const loader = join(folder, 'stall.mjs')
  await writeFile(loader, stalling(file))
  return {
    around: { NODE_OPTIONS: `--import=${loader}` },
    end: () => writeFile(file, ''),
    close: () => rm(folder, { recursive: true }),
  }
}
