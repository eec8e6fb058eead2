import { parseArgs } from 'node:util'
import { SluiceError } from '../../src/errors.ts'
import { whole } from '../whole.ts'
import { faultNames, type FaultName } from './faults.ts'
import { faultsIn } from './schedule.ts'

const deliveries = ['at-least-once', 'exactly-once'] as const

export type ChaosOptions = {
  readonly seconds: number
  readonly perSecond: number
  readonly everySeconds: number
  readonly delivery: (typeof deliveries)[number]
  readonly seed: number
  readonly faults: readonly FaultName[]
  readonly json: boolean
}

export const help = `Usage: npm run chaos -- [options]

Two instances decide payments on a Kafka of three brokers and a Redis behind a proxy, and every so often one of these
fails. At the end a checker of its own says what a switch could find wrong, and a table how long each recovery took.
Exit code 0 only if no payment is missing or has two answers, and in exactly-once none has its answer twice.

  --seconds N      that payments are sent (600)
  --rate N         payments a second (500)
  --every N        seconds from one fault to the next (30)
  --delivery MODE  at-least-once (default) or exactly-once
  --seed N         of the order of the faults (1)
  --faults A,B     only those whose names hold one of these words
  --json           print the result as JSON

Faults:
${faultNames.map((name) => `  ${name}\n`).join('')}`

const texts = {
  seconds: { type: 'string', default: '600' },
  rate: { type: 'string', default: '500' },
  every: { type: 'string', default: '30' },
  delivery: { type: 'string', default: 'at-least-once' },
  seed: { type: 'string', default: '1' },
  faults: { type: 'string', default: '' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

const chosen = (text: string): readonly FaultName[] => {
  const words = text.split(',').map((word) => word.trim().toLowerCase())
  const names = faultNames.filter((name) => words.some((word) => name.toLowerCase().includes(word)))
  if (names.length > 0) return names
  throw new SluiceError(
    'USAGE',
    `--faults: expected words of the names of faults, got ${JSON.stringify(text)}`,
  )
}

/** null: help was asked for. @throws SluiceError USAGE */
export const parseOptions = (args: readonly string[]): ChaosOptions | null => {
  const { values } = parseArgs({ args: [...args], options: texts })
  if (values.help) return null
  const delivery = deliveries.find((each) => each === values.delivery)
  if (delivery === undefined)
    throw new SluiceError(
      'USAGE',
      `--delivery: expected ${deliveries.join(' or ')}, got ${JSON.stringify(values.delivery)}`,
    )
  const seconds = whole('seconds', values.seconds)
  const everySeconds = whole('every', values.every)
  if (faultsIn(seconds, everySeconds) === 0)
    throw new SluiceError(
      'USAGE',
      '--seconds: expected at least twice --every, for calm before and after a fault',
    )
  return {
    seconds,
    perSecond: whole('rate', values.rate),
    everySeconds,
    delivery,
    seed: whole('seed', values.seed),
    faults: chosen(values.faults),
    json: values.json,
  }
}
