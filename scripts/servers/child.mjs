// One process that we started: its signals, its log, and its end with ours.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

const living = new Set()

/** Ends whatever was started here and still runs, one that is only just starting included. */
export const killAll = () => Promise.all([...living].map(killChild))

/**
 * Starts a command in a session of its own (Ctrl-C must not reach it before us), its output appended to `logFile`.
 * A guard, a shell that waits for the end of its standard input, ends it when this process dies in any way, kill -9 included.
 */
export const startChild = (command, args, { logFile, cwd, env = process.env }) => {
  const log = openSync(logFile, 'a')
  const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', log, log] })
  closeSync(log)
  const ended = new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? `code ${code}`))
    child.once('error', (error) => resolve(error.message))
  })
  if (child.pid === undefined) return { pid: undefined, ended, isRunning: () => false, signal: () => {} }

  const guard = spawn('sh', ['-c', 'cat >/dev/null; kill -KILL "$0"', String(child.pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  // Once the child has ended its pid may be another's: the guard goes first.
  void ended.then(() => guard.kill('SIGKILL'))

  const isRunning = () => child.exitCode === null && child.signalCode === null
  const handle = { pid: child.pid, ended, isRunning, signal: (name) => isRunning() && child.kill(name) }
  living.add(handle)
  void ended.then(() => living.delete(handle))
  return handle
}

/** Asks it to end, insists after `graceMs`, and gives how it ended. */
export const stopChild = async (child, graceMs = 30_000) => {
  child.signal('SIGTERM')
  child.signal('SIGCONT')
  const insist = setTimeout(() => child.signal('SIGKILL'), graceMs)
  const how = await child.ended
  clearTimeout(insist)
  return how
}

export const killChild = (child) => {
  child.signal('SIGKILL')
  return child.ended
}

/** Resolves when the kernel shows every thread of the process stopped (where there is a /proc to look at). */
export const pauseChild = async (child) => {
  child.signal('SIGSTOP')
  while (child.isRunning() && existsSync(`/proc/${child.pid}/stat`) && stateOf(child.pid) !== 'T')
    await delay(2)
}

// The name in parentheses may itself hold parentheses: the state follows the last one.
const stateOf = (pid) => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  return stat[stat.lastIndexOf(')') + 2]
}

/** Waits until `answers()` is true; throws when the child ends first or `timeoutMs` passes. */
export const untilAnswering = async (child, answers, { timeoutMs, name, logFile }) => {
  const deadline = Date.now() + timeoutMs
  let end
  void child.ended.then((how) => (end = how))
  while (!(await answers())) {
    if (end !== undefined) throw new Error(`${name} ended (${end}) before it answered\n${tailOf(logFile)}`)
    if (Date.now() > deadline)
      throw new Error(`${name} does not answer after ${timeoutMs} ms\n${tailOf(logFile)}`)
    await delay(50)
  }
}

const tailOf = (logFile) => {
  const lines = readFileSync(logFile, 'utf8').trimEnd().split('\n')
  return lines.slice(-15).join('\n')
}

/** Runs a command to its end; throws with what it printed when it fails. */
export const runToEnd = async (command, args, { cwd } = {}) => {
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  const output = []
  child.stdout.on('data', (bytes) => output.push(bytes))
  child.stderr.on('data', (bytes) => output.push(bytes))
  const [code, signal] = await once(child, 'close')
  if (code !== 0)
    throw new Error(
      `${command} failed (${signal ?? `code ${code}`})\n${Buffer.concat(output).toString('utf8').slice(-3_000)}`,
    )
}
