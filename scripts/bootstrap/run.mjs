import { spawn } from 'node:child_process'

/** Runs a command to its end and gives its output; throws with an excerpt of it when it fails. */
export const run = (command, args, { cwd, env = process.env } = {}) =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    const chunks = []
    child.stdout.on('data', (bytes) => chunks.push(bytes))
    child.stderr.on('data', (bytes) => chunks.push(bytes))
    child.once('error', (error) => reject(new Error(`cannot run ${command}: ${error.message}`)))
    child.once('close', (code, signal) => {
      const output = Buffer.concat(chunks).toString('utf8')
      if (code === 0) resolve(output)
      else
        reject(
          new Error(`"${shown(command, args)}" failed (${signal ?? `exit ${code}`}):\n${excerpt(output)}`),
        )
    })
  })

const shown = (command, args) => [command, ...args.slice(0, 4), ...(args.length > 4 ? ['...'] : [])].join(' ')

/** The beginning names the cause, the end what came of it. */
const excerpt = (output) => {
  const lines = output.trimEnd().split('\n')
  return (lines.length <= 30 ? lines : [...lines.slice(0, 15), '...', ...lines.slice(-15)]).join('\n')
}
