import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { requireCommands } from './checks.mjs'
import { locked } from './install.mjs'
import { run } from './run.mjs'
import { step } from './say.mjs'

/** The npm packages of the lock file, in node_modules. npm's own record of what it installed tells whether they are there. */
export const installPackages = async (root) => {
  if (agrees(root)) return
  await locked(join(root, '.sluice', 'packages'), async () => {
    if (agrees(root)) return
    requireCommands('installing the packages', { npm: 'npm' })
    await step('npm packages from package-lock.json', () =>
      run('npm', ['ci', '--include=dev'], { cwd: root }),
    )
    if (!agrees(root)) throw new Error('npm ci left node_modules different from package-lock.json')
  })
}

const agrees = (root) => {
  const record = join(root, 'node_modules', '.package-lock.json')
  if (!existsSync(record)) return false
  const { packages: wanted } = readJson(join(root, 'package-lock.json'))
  const { packages: installed } = readJson(record)
  return isInstalled(wanted, installed)
}

const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'))

/** Whether each package of the lock file is installed in its version and nothing else is; an optional one may be absent. */
export const isInstalled = (wanted, installed) =>
  Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true
    const there = installed[path]
    if (there === undefined) return entry.optional === true
    return there.version === entry.version && there.integrity === entry.integrity
  }) && Object.keys(installed).every((path) => path in wanted)
