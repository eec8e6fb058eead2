import { createReadStream, createWriteStream } from 'node:fs'
import { PassThrough, type Readable } from 'node:stream'
import { once } from 'node:events'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { SluiceError } from '../../errors.ts'

const describe = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))

/** What went wrong with a file, under the one code for that. Our own errors stay as they are. */
export const fileError = (file: string, cause: unknown): SluiceError =>
  cause instanceof SluiceError
    ? cause
    : new SluiceError('FILE_INVALID', `${file}: ${describe(cause)}`, { cause })

/** The bytes of a file, unpacked if its name ends in `.gz`. What goes wrong destroys the stream with its cause. */
export const openBytes = (file: string): Readable => {
  const source = createReadStream(file)
  if (!file.endsWith('.gz')) return source
  const unpacked = createGunzip()
  // `pipeline` destroys `unpacked` with the error, so whoever reads it is told.
  pipeline(source, unpacked).catch(() => undefined)
  return unpacked
}

export type TextWriter = {
  /** Resolves when more may be written. @throws SluiceError FILE_INVALID */
  readonly write: (text: string) => Promise<void>
  /** Resolves when all of it is in the file. @throws SluiceError FILE_INVALID */
  readonly close: () => Promise<void>
}

/** Writes a file anew, packed if its name ends in `.gz`. */
export const createTextWriter = (file: string): TextWriter => {
  const text = new PassThrough()
  const target = createWriteStream(file)
  const written = file.endsWith('.gz') ? pipeline(text, createGzip(), target) : pipeline(text, target)
  // Told to the next `write` or `close`; until one comes, nobody else is listening.
  written.catch(() => undefined)
  const orFailed = async (what: Promise<unknown>): Promise<void> => {
    await Promise.race([what, written]).catch((cause: unknown) => {
      throw fileError(file, cause)
    })
  }
  return {
    write: async (piece) => {
      if (text.destroyed) await orFailed(written)
      if (!text.write(piece)) await orFailed(once(text, 'drain'))
    },
    close: () => {
      text.end()
      return orFailed(written)
    },
  }
}

/** Writes a whole text anew. @throws SluiceError FILE_INVALID */
export const writeText = async (file: string, text: string): Promise<void> => {
  const writer = createTextWriter(file)
  await writer.write(text)
  await writer.close()
}
