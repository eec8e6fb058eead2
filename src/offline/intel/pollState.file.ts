import { readFile, rename, writeFile } from 'node:fs/promises'
import { SluiceError } from '../../errors.ts'
import { isFields } from '../../intel/stix/fields.ts'

/** Up to when each collection, by its URL, was read: the server's own time. */
export type PollState = Readonly<Record<string, string>>

/** A file that is not there is an empty state. @throws SluiceError FILE_INVALID */
export const readPollState = async (file: string): Promise<PollState> => {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return '{}'
    throw new SluiceError('FILE_INVALID', `${file} cannot be read`, { cause })
  })
  try {
    const state: unknown = JSON.parse(text)
    if (isFields(state))
      return Object.fromEntries(
        Object.entries(state).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
      )
  } catch {
    // Told below, as for JSON of another kind.
  }
  throw new SluiceError('FILE_INVALID', `${file}: expected the times of earlier polls as a JSON object`)
}

/** A reader sees the old state or the new one, whole. */
export const writePollState = async (file: string, state: PollState): Promise<void> => {
  await writeFile(`${file}.new`, `${JSON.stringify(state, null, 2)}\n`)
  await rename(`${file}.new`, file)
}
