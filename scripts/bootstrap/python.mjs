// Python packages in a folder of their own, outside the project: what Python code of the examples needs.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createHash } from 'node:crypto'
import { requireCommands } from './checks.mjs'
import { installFolder } from './install.mjs'
import { run } from './run.mjs'
import { step } from './say.mjs'

const quiet = ['--quiet', '--disable-pip-version-check', '--no-cache-dir', '--progress-bar', 'off']
const pip = ['-m', 'pip', 'install', '--only-binary=:all:', ...quiet]

/**
 * Installs the packages of a requirements file unless they are there; gives the folder for PYTHONPATH. Another file
 * or another Python gets another folder.
 */
export const installPython = async (requirements, cache) => {
  requireCommands('the Python packages', { python3: 'python3' })
  const version = (await run('python3', ['--version'])).trim()
  const digest = createHash('sha256').update(version).update(readFileSync(requirements)).digest('hex')
  const folder = join(cache, 'python', digest.slice(0, 16))
  await installFolder(folder, (partial) =>
    step(`Python packages of ${requirements}`, () =>
      run('python3', pip.concat('--target', partial, '--requirement', requirements)),
    ),
  )
  return folder
}
