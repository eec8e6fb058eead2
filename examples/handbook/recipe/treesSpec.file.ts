import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { SluiceError } from '../../../src/errors.ts'
import { fileError } from '../../../src/offline/files/text.file.ts'

/** What fit_trees.py is given. */
const treesSpecSchema = z
  .strictObject({
    id: z.string(),
    version: z.string(),
    description: z.string(),
    features: z.array(z.string()).min(1).readonly(),
    rounds: z.int().min(1).max(10_000),
    parameters: z.record(z.string(), z.json()).readonly(),
  })
  .readonly()
export type TreesSpec = z.infer<typeof treesSpecSchema>

/** @throws SluiceError FILE_INVALID */
export const readTreesSpec = async (file: string): Promise<TreesSpec> => {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw fileError(file, cause)
  })
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (cause) {
    throw new SluiceError('FILE_INVALID', `${file}: expected JSON`, { cause })
  }
  const parsed = treesSpecSchema.safeParse(json)
  if (parsed.success) return parsed.data
  throw new SluiceError('FILE_INVALID', `${file}:\n${z.prettifyError(parsed.error)}`)
}
