import { parseArgs } from 'node:util'
import { startProcessor } from '../compose/processor.ts'
import { misspeltKeys, readConfig } from '../config.ts'
import { createLog, type Log } from '../ops/log.ts'
import { readVersion } from '../ops/version.file.ts'

export const summary = 'decide payments until told to stop'

const help = `Usage: sluice run

Reads payments from Kafka and publishes a decision for each, until SIGTERM or SIGINT: then it finishes what is under
way, publishes, commits and exits with 0. The keys of the environment are listed in README.md.
`

type Ending = {
  /** The exit code, once something asks the process to end. */
  readonly ended: Promise<number>
  readonly crash: (error: Error) => void
}

const awaitEnding = (log: Log): Ending => {
  let end: (code: number) => void = () => undefined
  const ended = new Promise<number>((resolve) => {
    end = resolve
  })
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      log.info({ signal }, 'draining')
      end(0)
    })
  }
  const crash = (error: Error): void => {
    log.fatal({ error }, 'the consumer stopped')
    end(1)
  }
  return { ended, crash }
}

/** Node would print the error with all that hangs on it, to a place where no log is looked for. */
const crashInOurWords = (log: Log): void => {
  process.once('uncaughtException', (error) => {
    log.fatal({ error }, 'an error that nobody caught')
    process.exit(1)
  })
}

const exitAfter = (ms: number, log: Log): void => {
  setTimeout(() => {
    log.error({ shutdownMs: ms }, 'draining took too long; the next instance takes over')
    process.exit(1)
  }, ms).unref()
}

/** Runs one instance. Resolves with 0 after a signal, with 1 after a crash; ends the process where draining hangs. */
export const run = async (args: readonly string[]): Promise<number> => {
  const { values } = parseArgs({ args: [...args], options: { help: { type: 'boolean', short: 'h' } } })
  if (values.help === true) {
    process.stdout.write(help)
    return 0
  }
  const config = readConfig()
  const log = createLog({ level: config.logLevel, instance: config.instanceId, version: readVersion() })
  for (const { given, meant } of misspeltKeys()) log.warn(`${given} is not a key; is ${meant} meant?`)

  crashInOurWords(log)
  const { ended, crash } = awaitEnding(log)
  try {
    const processor = await Promise.race([startProcessor({ config, log, onCrash: crash }), ended])
    // A signal before the start was through: nothing is under way that could be lost.
    if (typeof processor === 'number') process.exit(processor)
    const code = await ended
    exitAfter(config.shutdownMs, log)
    await processor.stop()
    log.info({ code }, 'stopped')
    // Nothing is under way any more, but after a broker went away and came back kafkajs leaves a socket open.
    process.exit(code)
  } catch (error) {
    log.fatal({ error }, 'the instance cannot go on')
    process.exit(1)
  }
}
