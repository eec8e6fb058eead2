import { constants } from 'node:fs'
import { open, realpath } from 'node:fs/promises'
import path from 'node:path'
import { SluiceError } from '../errors.ts'

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT'

/** O_NONBLOCK: a pipe must not hold us up before it is seen to be none. */
const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK

const readRegular = async (real: string, file: string, mostBytes: number): Promise<Buffer> => {
  const handle = await open(real, flags)
  try {
    const stats = await handle.stat()
    if (!stats.isFile()) throw new SluiceError('MODEL_UNSAFE', `${file}: expected a regular file`)
    if (stats.size > mostBytes)
      throw new SluiceError(
        'MODEL_UNSAFE',
        `${file}: expected at most ${mostBytes} bytes, found ${stats.size}`,
      )
    const bytes = Buffer.alloc(stats.size)
    const { bytesRead } = await handle.read(bytes, 0, stats.size, 0)
    if (bytesRead !== stats.size) throw new SluiceError('MODEL_INVALID', `${file}: shrank while it was read`)
    return bytes
  } finally {
    await handle.close()
  }
}

const resolveInside = async (folder: string, file: string): Promise<string> => {
  const [root, real] = await Promise.all([realpath(folder), realpath(file)])
  if (real.startsWith(root + path.sep)) return real
  throw new SluiceError('MODEL_UNSAFE', `${file}: leads out of its folder`)
}

/** active.json, a policy, a key: what people write. */
export const mostTextBytes = 4 * 2 ** 20

/**
 * Reads the text of a regular file, wherever links lead. What is no file, such as a pipe that nobody writes to, does not
 * hold up whoever reads, and what is too large is not read.
 * @throws SluiceError MODEL_UNSAFE, or the error of the system
 */
export const readRegularText = async (file: string, mostBytes = mostTextBytes): Promise<string> =>
  (await readRegular(await realpath(file), file, mostBytes)).toString('utf8')

/** null for a file that is not there. @throws SluiceError MODEL_UNSAFE or MODEL_INVALID, as `readInside` */
export const readInsideIfThere = async (
  folder: string,
  inner: string,
  mostBytes: number,
): Promise<Buffer | null> => {
  const file = path.join(folder, inner)
  try {
    return await readRegular(await resolveInside(folder, file), file, mostBytes)
  } catch (cause) {
    if (cause instanceof SluiceError) throw cause
    if (isMissing(cause)) return null
    throw new SluiceError('MODEL_INVALID', `${file}: cannot be read`, { cause })
  }
}

/**
 * Reads a regular file only if it lies inside the folder once all symbolic links are followed, and is not too large.
 * @throws SluiceError MODEL_UNSAFE, or MODEL_INVALID if it cannot be read
 */
export const readInside = async (folder: string, inner: string, mostBytes: number): Promise<Buffer> => {
  const bytes = await readInsideIfThere(folder, inner, mostBytes)
  if (bytes !== null) return bytes
  throw new SluiceError('MODEL_INVALID', `${path.join(folder, inner)}: is not there`)
}
