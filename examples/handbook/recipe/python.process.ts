import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { fileURLToPath } from 'node:url'
import { SluiceError } from '../../../src/errors.ts'

const runFile = promisify(execFile)
const installer = fileURLToPath(new URL('../../../scripts/python.mjs', import.meta.url))
/** What the fit is pinned to: other releases may build other trees. */
const requirements = fileURLToPath(new URL('requirements.txt', import.meta.url))
const mostOutputBytes = 64 << 20
const mostShown = 2_000

/** Gives what the program printed. @throws SluiceError FILE_INVALID with what it said of its failure */
const run = async (program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> => {
  try {
    return (await runFile(program, [...args], { env, maxBuffer: mostOutputBytes })).stdout
  } catch (cause) {
    const told = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : String(cause)
    throw new SluiceError('FILE_INVALID', `${args.slice(0, 2).join(' ')}: ${told.slice(-mostShown)}`, {
      cause,
    })
  }
}

export type Python = {
  /** Where the packages are, outside the project. */
  readonly folder: string
  /** Runs a script that finds them. */
  readonly run: (args: readonly string[]) => Promise<string>
}

/**
 * Python with XGBoost, installed as whole or not at all into a folder of its own in the cache.
 * @throws SluiceError FILE_INVALID if python3, pip or the packages are not to be had
 */
export const openPython = async (): Promise<Python> => {
  const folder = (await run(process.execPath, [installer, requirements], process.env)).trim()
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1', OMP_NUM_THREADS: '1', PYTHONPATH: folder }
  return { folder, run: (args) => run('python3', args, env) }
}
