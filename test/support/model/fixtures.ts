import path from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('fixtures', import.meta.url))

/** The folder of a tiny model that fixtures/make.py made. */
export const fixture = (name: string): string => path.join(folder, name, '1')
