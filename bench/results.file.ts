import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Baseline } from './baseline.ts'

const inBench = (name: string): string => fileURLToPath(new URL(name, import.meta.url))
const mainBaseline = 'baseline.json'

/** @param name of the file below `bench/`. null: there is none yet. */
export const readBaseline = async (name = mainBaseline): Promise<Baseline | null> =>
  existsSync(inBench(name)) ? (JSON.parse(await readFile(inBench(name), 'utf8')) as Baseline) : null

const asText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

export const writeBaseline = (baseline: Baseline, name = mainBaseline): Promise<void> =>
  writeFile(inBench(name), asText(baseline))

/** Keeps everything that was measured; gives the file's name below `bench/`. */
export const writeResults = async (results: unknown, takenAt: Date): Promise<string> => {
  const name = `results/${takenAt.toISOString().replaceAll(/[:.]/g, '-')}.json`
  await mkdir(inBench('results'), { recursive: true })
  await writeFile(inBench(name), asText(results))
  return `bench/${name}`
}
