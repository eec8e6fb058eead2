import { execFile } from 'node:child_process'
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { SluiceError } from '../../../src/errors.ts'

const runFile = promisify(execFile)

/** What the fit is pinned to: other releases may build other trees. */
const packages = ['xgboost-cpu==3.2.0', 'numpy==2.4.6', 'scipy==1.17.1']

const exists = async (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  )

const python = async (args: readonly string[], folder: string | null): Promise<void> => {
  try {
    await runFile('python3', [...args], {
      env: {
        ...process.env,
        PYTHONDONTWRITEBYTECODE: '1',
        OMP_NUM_THREADS: '1',
        ...(folder === null ? {} : { PYTHONPATH: folder }),
      },
      maxBuffer: 64 << 20,
    })
  } catch (cause) {
    const told = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : String(cause)
    throw new SluiceError('FILE_INVALID', `python3 ${args.slice(0, 3).join(' ')}: ${told.slice(-2000)}`, {
      cause,
    })
  }
}

/**
 * A folder of its own for XGBoost, filled once by pip; nothing else of Python's is touched.
 * @returns what runs a script that finds these packages
 * @throws SluiceError if python3, pip or the packages are not to be had
 */
export const openPython = async (folder: string): Promise<(args: readonly string[]) => Promise<void>> => {
  if (!(await exists(join(folder, 'xgboost', '__init__.py'))))
    await python(
      ['-m', 'pip', 'install', '--quiet', '--no-warn-conflicts', '--target', folder, ...packages],
      null,
    )
  return (args) => python(args, folder)
}
