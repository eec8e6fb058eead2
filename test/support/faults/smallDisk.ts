import { execFile } from 'node:child_process'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A file system of the test's own that can be filled to the last byte. */
export type SmallDisk = {
  readonly folder: string
  readonly fill: () => Promise<void>
  readonly makeRoom: () => Promise<void>
  readonly close: () => Promise<void>
}

/** @returns null where this process may not mount one */
export const mountSmallDisk = async (megabytes: number): Promise<SmallDisk | null> => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-disk-'))
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder])
  } catch {
    await rm(folder, { recursive: true })
    return null
  }
  const filler = join(folder, 'filler')
  const piece = Buffer.alloc(65_536)
  return {
    folder,
    fill: async () => {
      const file = await open(filler, 'w')
      try {
        // Whatever else is written meanwhile: until not a single byte finds room.
        for (let length = piece.length; length >= 1;)
          try {
            await file.write(piece, 0, length)
          } catch (error) {
            if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
            length = Math.floor(length / 2)
          }
      } finally {
        await file.close()
      }
    },
    makeRoom: () => rm(filler),
    close: async () => {
      await run('umount', [folder])
      await rm(folder, { recursive: true })
    },
  }
}
