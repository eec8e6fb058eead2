import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createSchemas, type Schemas } from './schemas.ts'

/** The contracts that this version of Sluice was built with. */
export const ownSchemasFolder = fileURLToPath(new URL('../../../schemas/', import.meta.url))

/** Reads every version of every contract once, at start-up. */
export const loadSchemas = async (folder: string): Promise<Schemas> => {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.avsc'))
  return createSchemas(
    await Promise.all(
      names.map(async (name) => ({ name, text: await readFile(join(folder, name), 'utf8') })),
    ),
  )
}
