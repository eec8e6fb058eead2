import { fileURLToPath } from 'node:url'
import { SluiceError } from '../../errors.ts'
import { startChild, type Child } from './child.process.ts'
import { createPending } from './pending.ts'
import type { RunFolder } from './runFolder.file.ts'

/** A Kafka and a Redis that answer. */
export type Servers = {
  readonly child: Child
  /** `host:port`, several with commas between. */
  readonly brokers: string
  readonly redisUrl: string
  /** Servers that were there before: they are used with care, and left as they were. */
  readonly given: { readonly kafka: boolean; readonly redis: boolean }
}

type Answer = {
  readonly brokers: string
  readonly redisUrl: string
  readonly pids: { readonly kafka?: number; readonly redis?: number }
}

const script = fileURLToPath(new URL('../../../scripts/servers.mjs', import.meta.url))

const readAnswer = (line: string): Answer => {
  try {
    return JSON.parse(line) as Answer
  } catch (cause) {
    throw new SluiceError('STOPPED', 'scripts/servers.mjs said something else than addresses', { cause })
  }
}

/** Starts `scripts/servers.mjs`, which ends its servers when its standard input does. */
export const startServers = async (
  folder: RunFolder,
  environment: Readonly<Record<string, string | undefined>>,
  onStarted: (child: Child) => void,
): Promise<Servers> => {
  const log = folder.openLog('servers.log')
  const answered = createPending<string>()
  const child = startChild({
    name: 'scripts/servers.mjs',
    command: [process.execPath, script],
    environment,
    log: log.descriptor,
    logTail: log.tail,
    onLine: answered.resolve,
    graceMs: 15_000,
    askToEnd: 'end of input',
  })
  onStarted(child)
  const { brokers, redisUrl, pids } = readAnswer(await Promise.race([answered.promise, child.failed]))
  return {
    child,
    brokers,
    redisUrl,
    given: { kafka: pids.kafka === undefined, redis: pids.redis === undefined },
  }
}
