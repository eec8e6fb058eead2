// What the machine must already have, and the command that installs it where it is missing.
import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { run } from './run.mjs'

/** The full path of a command, or undefined. */
export const onPath = (command, path = process.env.PATH ?? '') =>
  path
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, command))
    .find(isExecutableFile)

const isExecutableFile = (file) => {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}

export const isRoot = () => process.getuid?.() === 0

/** The Debian command for these packages, as this user has to type it. */
export const aptInstall = (...packages) =>
  `${isRoot() ? '' : 'sudo '}apt-get update && ${isRoot() ? '' : 'sudo '}apt-get install -y ${packages.join(' ')}`

/** Throws, naming every command of the table that is not there and one line that installs them all. */
export const requireCommands = (purpose, packageOf) => {
  const missing = Object.keys(packageOf).filter((command) => onPath(command) === undefined)
  if (missing.length === 0) return
  const packages = [...new Set(missing.map((command) => packageOf[command]))]
  throw new Error(`${purpose} needs ${missing.join(', ')}: ${aptInstall(...packages)}`)
}

/** The Java to run: JAVA_HOME's, else the one on PATH; undefined without either. */
export const javaCommand = (env = process.env) =>
  env.JAVA_HOME ? [join(env.JAVA_HOME, 'bin', 'java')].find(isExecutableFile) : onPath('java', env.PATH)

/** Throws unless there is a Java of at least `least`. */
export const requireJava = async (purpose, least) => {
  const java = javaCommand()
  const remedy = aptInstall('default-jdk-headless')
  if (java === undefined) throw new Error(`${purpose} needs a JDK ${least} or later: ${remedy}`)
  const version = javaMajor(await run(java, ['-version']))
  if (!(version >= least))
    throw new Error(`${purpose} needs a JDK ${least} or later, ${java} is ${version}: ${remedy}`)
}

/** The major version in what `java -version` prints, "1.8.0" being 8; NaN when there is none. */
export const javaMajor = (printed) => {
  const [, first, second] = /version "(\d+)(?:\.(\d+))?/.exec(printed) ?? []
  return Number(first === '1' ? second : first)
}
