import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { fileURLToPath } from 'node:url'

const run = promisify(execFile)
const installer = fileURLToPath(new URL('../../scripts/python.mjs', import.meta.url))

/** Runs a script with the packages; gives what it printed. */
export type Python = (script: string, args: readonly string[]) => Promise<string>

/**
 * Python with the packages of a requirements file, installed once into the cache folder, outside the project. Where
 * that is impossible it says why and gives null.
 */
export const pythonWith = async (requirements: string): Promise<Python | null> => {
  let folder: string
  try {
    folder = (await run(process.execPath, [installer, requirements])).stdout.trim()
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    process.stdout.write(`skipped: ${requirements} cannot be installed here: ${reason}\n`)
    return null
  }
  const env = { ...process.env, PYTHONPATH: folder, PYTHONDONTWRITEBYTECODE: '1', TF_CPP_MIN_LOG_LEVEL: '3' }
  return async (script, args) => (await run('python3', [script, ...args], { env })).stdout
}
