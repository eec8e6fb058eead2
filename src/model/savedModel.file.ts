import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

/**
 * Hands the files to a reader that wants a folder: a private one, with nothing in it but these bytes, gone when the
 * reader is done. What was hashed is what is read.
 */
export const withFolder = async <T>(
  files: ReadonlyMap<string, Uint8Array>,
  read: (folder: string) => Promise<T>,
): Promise<T> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'sluice-saved-model-'))
  try {
    for (const [inner, bytes] of files) {
      const file = path.join(folder, inner)
      await mkdir(path.dirname(file), { recursive: true })
      await writeFile(file, bytes, { flag: 'wx', mode: 0o600 })
    }
    return await read(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
