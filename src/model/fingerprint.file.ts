import { readdir, realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import { SluiceError } from '../errors.ts'
import { type Active, parseActive } from './active.ts'
import { readRegularText } from './readInside.file.ts'
import { approvalsFolderName } from './trust.ts'

/** What can be told of a file without reading it. Mounts of Kubernetes swap a symbolic link: only the real path moves. */
const markOf = async (file: string): Promise<string> => {
  try {
    const real = await realpath(file)
    const { ino, size, mtimeMs } = await stat(real)
    return `${real} ${ino} ${size} ${mtimeMs}`
  } catch {
    return `${file} cannot be read`
  }
}

const filesBelow = async (folder: string): Promise<readonly string[]> => {
  try {
    return (await readdir(folder, { recursive: true })).toSorted().map((inner) => path.join(folder, inner))
  } catch {
    // Not there yet, or no folder: the mark of the folder itself says so, and loading it why.
    return []
  }
}

const activeIn = (text: string, file: string): Active | null => {
  try {
    return parseActive(text, file)
  } catch (error) {
    if (error instanceof SluiceError) return null
    throw error
  }
}

const namedFiles = async (modelsFolder: string, active: Active): Promise<readonly string[]> => {
  const folders = [active.champion, ...active.challengers].map((model) => path.join(modelsFolder, model.path))
  const inside = await Promise.all(folders.map(filesBelow))
  return [path.join(modelsFolder, active.policy.path), ...folders, ...inside.flat()]
}

/**
 * Changes whenever active.json, a file of what it names, an approval or a key does, also where they change by links. Cheap enough to be
 * asked for each half second: no model is read. Never rejects for what is missing: that is a state like any other.
 */
export const readFingerprint = async (
  modelsFolder: string,
  ...keysFolders: readonly string[]
): Promise<string> => {
  const file = path.join(modelsFolder, 'active.json')
  const mark = await markOf(file)
  const text = await readRegularText(file).catch(() => '')
  const active = activeIn(text, file)
  const files = active === null ? [] : await namedFiles(modelsFolder, active)
  const folders = [...keysFolders, path.join(modelsFolder, approvalsFolderName)]
  const others = await Promise.all(folders.map(filesBelow))
  const marks = await Promise.all([...files, ...others.flat()].map(markOf))
  return [mark, text, ...marks].join('\n')
}
