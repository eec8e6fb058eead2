import { readFile } from 'node:fs/promises'
import { fileError } from '../files/text.file.ts'
import { isInline, parseFeatureList, parseInline, withoutRepeats } from './featureList.ts'

/** `a,b,c` and `@set:NAME`, or `@FILE` with the names in a file. @throws SluiceError USAGE, FILE_INVALID */
export const readFeatureList = async (argument: string): Promise<readonly string[]> => {
  if (isInline(argument)) return parseInline(argument)
  const file = argument.slice(1)
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw fileError(file, cause)
  })
  return withoutRepeats(parseFeatureList(text, file))
}
