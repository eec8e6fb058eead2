import { existsSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { onPath } from './checks.mjs'

/** The prefix whose include/node holds the headers of the running Node; throws when they are not installed. */
export const nodeHeadersPrefix = (execPath = realpathSync(process.execPath)) => {
  const prefixes = [dirname(dirname(execPath)), '/usr', '/usr/local']
  const prefix = prefixes.find((folder) => existsSync(join(folder, 'include', 'node', 'node_api.h')))
  if (prefix === undefined)
    throw new Error(
      `compiling tfjs-node needs the headers of Node (include/node beside ${execPath}, or Debian's libnode-dev)`,
    )
  return prefix
}

/** node-gyp as npm brings it along: the one of the npm that runs us, of the npm on the PATH, or Debian's. */
export const findNodeGyp = (env = process.env) => {
  const npm = onPath('npm', env.PATH)
  const npmFolders = [env.npm_execpath, npm && realpathSync(npm)]
    .filter(Boolean)
    .map((cli) => dirname(dirname(cli)))
  const candidates = [
    env.npm_config_node_gyp,
    ...npmFolders.map((folder) => join(folder, 'node_modules', 'node-gyp', 'bin', 'node-gyp.js')),
    '/usr/share/nodejs/node-gyp/bin/node-gyp.js',
  ]
  return candidates.filter(Boolean).find((file) => existsSync(file))
}
