import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Manifest } from '../../model/manifest.ts'
import type { TrainedArtifact } from './train.ts'

/** JSON that people read: what fits on a line stays on it. */
export const readableJson = (value: unknown, indent = '', width = 160): string => {
  const flat = JSON.stringify(value)
  if (typeof value !== 'object' || value === null || flat.length + indent.length <= width) return flat
  const deeper = `${indent}  `
  if (Array.isArray(value))
    return `[\n${value.map((item) => deeper + readableJson(item, deeper, width)).join(',\n')}\n${indent}]`
  const lines = Object.entries(value)
    .filter(([, entry]) => entry !== undefined)
    .map(([key, entry]) => `${deeper}${JSON.stringify(key)}: ${readableJson(entry, deeper, width)}`)
  return `{\n${lines.join(',\n')}\n${indent}}`
}

export const manifestText = (manifest: Manifest): string => `${readableJson(manifest)}\n`

/** Writes the folder of a model; its manifest last, so that half a model is never taken for one. */
export const writeArtifact = async (folder: string, { manifest, files }: TrainedArtifact): Promise<void> => {
  await mkdir(folder, { recursive: true })
  for (const [name, bytes] of files) await writeFile(path.join(folder, name), bytes)
  await writeFile(path.join(folder, 'manifest.json'), manifestText(manifest))
}
