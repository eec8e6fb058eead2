import { readFile } from 'node:fs/promises'
import { SluiceError } from '../../errors.ts'
import { fileError } from '../files/text.file.ts'
import { parseFeatureList } from './featureList.ts'

const withoutRepeats = (names: readonly string[]): readonly string[] => {
  const repeated = names.find((name, at) => names.indexOf(name) !== at)
  if (repeated === undefined) return names
  throw new SluiceError('USAGE', `--features names ${repeated} twice`)
}

/** `a,b,c`, or `@FILE` with the names in a file. @throws SluiceError USAGE, FILE_INVALID */
export const readFeatureList = async (argument: string): Promise<readonly string[]> => {
  if (!argument.startsWith('@'))
    return withoutRepeats(
      argument
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== ''),
    )
  const file = argument.slice(1)
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw fileError(file, cause)
  })
  return withoutRepeats(parseFeatureList(text, file))
}
