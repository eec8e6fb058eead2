import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { SluiceError } from '../errors.ts'
import type { ReleaseCycle } from './osEndOfLife.ts'
import { parseEndOfLifePage } from './osEndOfLifePage.ts'

const pagePattern = /\.md(?:\.gz)?$/

const textOf = async (file: string): Promise<string> => {
  const bytes = await readFile(file)
  return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
}

const listed = async (folder: string): Promise<readonly string[]> => {
  try {
    return (await readdir(folder)).filter((name) => pagePattern.test(name)).toSorted()
  } catch (cause) {
    throw new SluiceError('FILE_INVALID', `${folder}: expected a folder of pages of endoflife.date`, {
      cause,
    })
  }
}

/**
 * All product pages (`*.md`, `*.md.gz`) of a folder; empty: none, and nothing is known.
 * @throws SluiceError FILE_INVALID also where no page is about an operating system
 */
export const readEndOfLife = async (folder: string): Promise<readonly ReleaseCycle[]> => {
  if (folder === '') return []
  const pages = await Promise.all(
    (await listed(folder)).map(async (name) => {
      const file = join(folder, name)
      return parseEndOfLifePage(await textOf(file), file)
    }),
  )
  const cycles = pages.flatMap((page) => page?.cycles ?? [])
  if (cycles.length > 0) return cycles
  throw new SluiceError(
    'FILE_INVALID',
    `${folder}: expected a page of endoflife.date about android, ios, macos or windows (*.md, *.md.gz)`,
  )
}
