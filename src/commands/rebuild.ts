import { parseArgs } from 'node:util'
import { readConfig } from '../config.ts'
import { runRebuild } from './openRebuild.ts'
import type { Rebuilt } from '../offline/rebuild/rebuild.ts'
import { createLog } from '../ops/log.ts'
import { readVersion } from '../ops/version.file.ts'
import { timeOf } from './options.ts'
import { createProgressBar } from './progressBar.ts'

export const summary = 'fill Redis again from the topics'

const help = `Usage: sluice rebuild [options]

Rebuilds histories and device states in Redis from payments, decisions, account-events, risk-feedback and
device-health, with the settings of sluice run: after Redis, a node of it or a part of it has lost its data. Processors
may run meanwhile: what they are told is unknown until its history is whole, and right from then on. Shards that reach
as far back as the topics are left as they are. It may be interrupted, and run again; docs/rebuild.md says what is
promised.

Options:
  --from TIME            leave out what came before; default: SLUICE_HISTORY_RETENTION_DAYS ago
  --covered-since TIME   histories are complete from then on, whatever the topics show: for whoever knows that nothing
                         newer was deleted from them
  --again                rebuild also what is complete; what is older than the topics is given up
  --replace-unreadable   a live history that cannot be read is given up for what the topics have of it; without this the
                         run ends at the first one and names its key
  --json                 print the result as JSON
`

const options = {
  from: { type: 'string' },
  'covered-since': { type: 'string' },
  again: { type: 'boolean', default: false },
  'replace-unreadable': { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

const phases = { reading: 'records read', merging: 'histories in their places' } as const

const number = (count: number): string => count.toLocaleString('en')

const tell = (rebuilt: Rebuilt): string => {
  const { limitedBy, logsReplaced, shardsOvertaken } = rebuilt
  return [
    `${number(rebuilt.payments)} payments, ${number(rebuilt.accountEvents)} account events, ${number(rebuilt.feedback)} feedbacks and ${number(rebuilt.deviceReports)} device reports read; ${number(rebuilt.refused)} records refused`,
    `${number(rebuilt.logs)} histories in ${number(rebuilt.shards)} shards are complete from ${new Date(rebuilt.coveredSince).toISOString()} on; ${number(rebuilt.shardsLeft)} shards were`,
    ...(logsReplaced === 0
      ? []
      : [`${number(logsReplaced)} of them could not be read and were replaced by what the topics have`]),
    ...(limitedBy === null
      ? []
      : [
          `partition ${limitedBy.partition} of ${limitedBy.topic} does not reach further back: longer windows stay unknown until they have passed (--covered-since TIME, if nothing newer was deleted)`,
        ]),
    ...(shardsOvertaken === 0
      ? []
      : [`${number(shardsOvertaken)} shards lost payments meanwhile and stay as they were: run it again`]),
    '',
  ].join('\n')
}

/** The first signal lets go of what is claimed in Redis; the second one ends the process. */
const interruptible = (): { readonly signal: AbortSignal; readonly done: () => void } => {
  const interrupted = new AbortController()
  const onSignal = (): void => {
    if (interrupted.signal.aborted) process.exit(1)
    interrupted.abort()
  }
  const signals = ['SIGINT', 'SIGTERM'] as const
  for (const signal of signals) process.on(signal, onSignal)
  return {
    signal: interrupted.signal,
    done: () => {
      for (const signal of signals) process.off(signal, onSignal)
    },
  }
}

const timeIfGiven = (text: string | undefined, option: string): number | null =>
  text === undefined ? null : timeOf(text, option)

export const run = async (args: readonly string[]): Promise<number> => {
  const { values } = parseArgs({ args: [...args], options })
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  const from = timeIfGiven(values.from, '--from')
  const coveredSince = timeIfGiven(values['covered-since'], '--covered-since')
  const config = readConfig()
  // What goes wrong is told once, by the error; the clients' own log only to who asks for it.
  const wanted = config.logLevel === 'debug' || config.logLevel === 'trace'
  const log = createLog(
    { level: wanted ? config.logLevel : 'silent', instance: config.instanceId, version: readVersion() },
    process.stderr,
  )
  const bar = createProgressBar({ terminal: process.stderr, monotonic: () => performance.now() })
  const { signal, done } = interruptible()
  try {
    const rebuilt = await runRebuild({
      config,
      log,
      from,
      coveredSince,
      again: values.again,
      replaceUnreadable: values['replace-unreadable'],
      signal,
      onProgress: ({ phase, done: count, total }) => bar.at(phases[phase], count, total),
    })
    bar.end()
    process.stdout.write(values.json ? `${JSON.stringify(rebuilt)}\n` : tell(rebuilt))
    return rebuilt.shardsOvertaken === 0 ? 0 : 1
  } finally {
    bar.end()
    done()
  }
}
