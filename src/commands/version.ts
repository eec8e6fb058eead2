import { readVersion } from '../ops/version.file.ts'

export const summary = 'print the version'

export const run = async (): Promise<number> => {
  process.stdout.write(`${readVersion()}\n`)
  return 0
}
