// The native half of @tensorflow/tfjs-node: libtensorflow from a wheel of PyPI, and the binding compiled against it.
// Its own install script downloads both from hosts that are often out of reach; where this is impossible WASM serves.
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { delimiter, dirname, join, resolve } from 'node:path'
import { requireCommands } from './checks.mjs'
import { sha256OfFile } from './digests.mjs'
import { findNodeGyp, nodeHeadersPrefix } from './headers.mjs'
import { installFolder, locked } from './install.mjs'
import { run } from './run.mjs'
import { say, step } from './say.mjs'

const tensorflowVersion = '2.15.1'
const wheelSha256 = '54660c074d7241a503e81edfd9f5ef5af88f64051b72e2945f26318c790f2d26'

const compilers = { 'g++': 'g++', make: 'make' }

/** What tfjs-node's linker and loader look for -> what the wheel calls it. */
const libraryNames = {
  'libtensorflow_cc.so.2': 'libtensorflow_cc.so.2',
  'libtensorflow.so': 'libtensorflow_cc.so.2',
  'libtensorflow.so.2': 'libtensorflow_cc.so.2',
  'libtensorflow.so.2.9.1': 'libtensorflow_cc.so.2',
  'libtensorflow_framework.so': 'libtensorflow_framework.so.2',
  'libtensorflow_framework.so.2': 'libtensorflow_framework.so.2',
}

/**
 * Makes tfjs-node loadable; the library is fetched while the packages are still being installed (`packages` gives
 * whether they were). Says why when it is impossible, and never throws for that.
 */
export const installTensorflow = async (root, cache, packages) => {
  const packageFolder = join(root, 'node_modules', '@tensorflow', 'tfjs-node')
  if (isComplete(packageFolder) && (await packages) && isComplete(packageFolder)) return
  try {
    requirePlatform()
    const home = join(cache, `tensorflow-${tensorflowVersion}`)
    await installFolder(home, fetchLibrary)
    if (!(await packages)) return
    await locked(join(root, '.sluice', 'tensorflow'), async () => {
      if (isComplete(packageFolder)) return
      const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8'))
      linkLibrary(home, packageFolder)
      await placeBinding(join(cache, bindingName(version)), packageFolder)
    })
  } catch (error) {
    say(`tfjs-node is not available, WASM will serve instead: ${error.message}`)
  }
}

const isComplete = (packageFolder) =>
  existsSync(bindingOf(packageFolder)) &&
  Object.keys(libraryNames).every((name) => existsSync(join(packageFolder, 'deps', 'lib', name)))

const bindingOf = (packageFolder) => join(packageFolder, 'lib', 'napi-v8', 'tfjs_binding.node')

// Node-API is binary compatible across Node versions; the module version is part of the name all the same,
// so that a Node which broke that promise would get a binding of its own.
const bindingName = (version) =>
  `tfjs-node-${version}-tensorflow-${tensorflowVersion}-${process.platform}-${process.arch}-node-${process.versions.modules}`

const requirePlatform = () => {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error(`there is no libtensorflow for ${process.platform} ${process.arch}`)
}

const fetchLibrary = async (partial) => {
  // All that the later steps need too: better said before 207 MB are fetched than after.
  const pip = (await hasPip()) ? {} : { 'python3 -m pip': 'python3-pip' }
  requireCommands('tfjs-node', { python3: 'python3', ...pip, ...compilers })
  await step(`libtensorflow ${tensorflowVersion} from PyPI (207 MB)`, async () => {
    const download = join(partial, 'download')
    const platform = [
      '--only-binary=:all:',
      '--platform',
      'manylinux2014_x86_64',
      '--python-version',
      '311',
      '--abi',
      'cp311',
    ]
    const quiet = ['--quiet', '--progress-bar', 'off', '--no-cache-dir']
    await run('python3', [
      '-m',
      'pip',
      'download',
      '--no-deps',
      ...platform,
      ...quiet,
      '-d',
      download,
      `tensorflow-cpu==${tensorflowVersion}`,
    ])
    const [wheel] = readdirSync(download).map((name) => join(download, name))
    const found = await sha256OfFile(wheel)
    if (found !== wheelSha256) throw new Error(`the SHA-256 of ${wheel} is ${found}, not ${wheelSha256}`)
    await run('python3', ['-c', unpack, wheel, partial])
    rmSync(download, { recursive: true })
  })
}

const hasPip = () =>
  run('python3', ['-m', 'pip', '--version']).then(
    () => true,
    () => false,
  )

const unpack = `
import sys, zipfile
wanted = ('tensorflow/libtensorflow_cc.so.2', 'tensorflow/libtensorflow_framework.so.2', 'tensorflow/include/')
with zipfile.ZipFile(sys.argv[1]) as wheel:
    wheel.extractall(sys.argv[2], [name for name in wheel.namelist() if name.startswith(wanted)])
`

const linkLibrary = (home, packageFolder) => {
  const deps = join(packageFolder, 'deps')
  rmSync(deps, { recursive: true, force: true })
  mkdirSync(join(deps, 'lib'), { recursive: true })
  const wheel = resolve(home, 'tensorflow')
  for (const [name, target] of Object.entries(libraryNames))
    symlinkSync(join(wheel, target), join(deps, 'lib', name))
  symlinkSync(join(wheel, 'include'), join(deps, 'include'))
}

/** Compiles the binding, or takes the one that an earlier installation compiled; it must load, or it is removed. */
const placeBinding = async (kept, packageFolder) => {
  const binding = bindingOf(packageFolder)
  if (existsSync(kept)) {
    mkdirSync(dirname(binding), { recursive: true })
    cpSync(join(kept, 'tfjs_binding.node'), binding)
  } else await compile(packageFolder)
  try {
    await run(process.execPath, ['-e', loads], { cwd: packageFolder })
  } catch (error) {
    rmSync(binding, { force: true })
    rmSync(kept, { recursive: true, force: true })
    throw error
  }
  await installFolder(kept, (partial) => cpSync(binding, join(partial, 'tfjs_binding.node')))
}

const loads = `const tf = require('.'); if (tf.add(1, 2).dataSync()[0] !== 3) throw new Error('1 + 2 is not 3')`

const compile = async (packageFolder) => {
  requireCommands('tfjs-node', { python3: 'python3', ...compilers })
  const modules = resolve(packageFolder, '..', '..')
  const prefix = nodeHeadersPrefix()
  const nodeGyp = findNodeGyp()
  const env = {
    ...process.env,
    PATH: [join(modules, '.bin'), process.env.PATH].join(delimiter),
    npm_config_nodedir: prefix,
    ...(nodeGyp ? { npm_config_node_gyp: nodeGyp } : {}),
  }
  await step('tfjs-node compiled', () =>
    run(process.execPath, [join(modules, '.bin', 'node-pre-gyp'), 'install', '--build-from-source'], {
      cwd: packageFolder,
      env,
    }),
  )
}
