import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readableLine } from './logLine.ts'

/** Where one run keeps its logs and what its processes hand to each other. */
export type RunFolder = {
  readonly path: string
  readonly file: (name: string) => string
  /** A log that a process writes to. */
  readonly openLog: (name: string) => { readonly descriptor: number; readonly tail: () => string }
  readonly closeLogs: () => void
  readonly remove: () => void
}

const tailLines = 15

const tailOf = (file: string): string =>
  readFileSync(file, 'utf8').trimEnd().split('\n').slice(-tailLines).map(readableLine).join('\n')

/** Readable by its owner only. */
export const createRunFolder = (): RunFolder => {
  const path = mkdtempSync(join(tmpdir(), 'sluice-demo-'))
  const descriptors: number[] = []
  const file = (name: string): string => join(path, name)
  return {
    path,
    file,
    openLog: (name) => {
      const descriptor = openSync(file(name), 'a', 0o600)
      descriptors.push(descriptor)
      return { descriptor, tail: () => `${file(name)}:\n${tailOf(file(name))}` }
    },
    closeLogs: () => {
      for (const descriptor of descriptors.splice(0)) closeSync(descriptor)
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  }
}
