import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { startChild } from './child.mjs'
import { asks, freePorts } from './ports.mjs'

/** A Redis on a free port that keeps its data in a file and refuses writes rather than evict. */
export const prepareRedis = async (folder) => {
  const dir = join(folder, 'redis')
  mkdirSync(dir, { recursive: true })
  const [port] = await freePorts(1)
  const logFile = join(folder, 'redis.log')
  const options = {
    port,
    bind: '127.0.0.1',
    dir,
    daemonize: 'no',
    appendonly: 'yes',
    // Enough to survive a kill of the server; a flush to the disk each second stalls it for as long as the disk likes.
    appendfsync: 'no',
    save: '',
    // These servers live for minutes: a rewrite would only take a core from whoever measures or tests.
    'auto-aof-rewrite-percentage': 0,
    'maxmemory-policy': 'noeviction',
  }
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)])
  return {
    name: 'redis',
    logFile,
    timeoutMs: 30_000,
    address: `redis://127.0.0.1:${port}`,
    launch: () => startChild('redis-server', args, { logFile, cwd: dir }),
    empty: () => {
      rmSync(dir, { recursive: true, force: true })
      mkdirSync(dir)
    },
    answers: () => asks(port, 'PING\r\n', isPong),
  }
}

// While it reads its file it answers -LOADING: there, but not yet of use.
const isPong = (reply) => (reply.includes('\n') ? reply.toString('latin1').startsWith('+PONG') : undefined)
