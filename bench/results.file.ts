import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Baseline } from './baseline.ts'

const inBench = (name: string): string => fileURLToPath(new URL(name, import.meta.url))
const baselineFile = inBench('baseline.json')

/** null: there is none yet. */
export const readBaseline = async (): Promise<Baseline | null> =>
  existsSync(baselineFile) ? (JSON.parse(await readFile(baselineFile, 'utf8')) as Baseline) : null

const asText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

export const writeBaseline = (baseline: Baseline): Promise<void> => writeFile(baselineFile, asText(baseline))

/** Keeps everything that was measured; gives the file's name below `bench/`. */
export const writeResults = async (results: unknown, takenAt: Date): Promise<string> => {
  const name = `results/${takenAt.toISOString().replaceAll(/[:.]/g, '-')}.json`
  await mkdir(inBench('results'), { recursive: true })
  await writeFile(inBench(name), asText(results))
  return `bench/${name}`
}
