import { parseArgs } from 'node:util'
import { readSettings } from '../config.ts'
import { openRedrive } from './openRedrive.ts'
import { redrive, type RedriveResult } from '../offline/redrive/redrive.kafka.ts'
import { createProgressBar } from './progressBar.ts'

export const summary = 'send dead letters again, each once'

const help = `Usage: sluice redrive [options]

Sends every dead letter that was not sent again yet back to the topic and partition that it came from, with its own key,
headers and bytes, each once over all runs. One that is refused again becomes a new dead letter, for the next run. A dead
letter whose bytes were not kept, as they held a card number or were too many, is passed over and counted.

Options:
  --dry-run                 say what would be sent, and send nothing
  --brokers HOST:PORT,...   instead of SLUICE_KAFKA_BROKERS
  --json                    print the result as JSON
`

const options = {
  'dry-run': { type: 'boolean', default: false },
  brokers: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

const linesOf = ({ sent, kept }: RedriveResult, dryRun: boolean): readonly string[] => {
  const lines = [
    ...Object.entries(sent).map(
      ([reason, count]) => `${dryRun ? 'would send' : 'sent'}  ${count}  ${reason}`,
    ),
    ...Object.entries(kept).map(([obstacle, count]) => `passed over  ${count}  ${obstacle}`),
  ]
  return lines.length > 0 ? lines : ['no dead letters to send again']
}

export const run = async (args: readonly string[]): Promise<number> => {
  const { values } = parseArgs({ args: [...args], options })
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  const settings = readSettings(values.brokers === undefined ? {} : { SLUICE_KAFKA_BROKERS: values.brokers })
  const dryRun = values['dry-run']
  const { deps, close } = await openRedrive(settings, dryRun)
  const progress = createProgressBar({ terminal: process.stderr, monotonic: () => performance.now() })
  try {
    const result = await redrive({ ...deps, onProgress: (done, of) => progress.at('dead letters', done, of) })
    progress.end()
    process.stdout.write(
      values.json
        ? `${JSON.stringify({ dryRun, ...result })}\n`
        : linesOf(result, dryRun)
            .map((line) => `${line}\n`)
            .join(''),
    )
    return 0
  } finally {
    await close()
  }
}
