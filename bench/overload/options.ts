import { parseArgs } from 'node:util'
import { SluiceError } from '../../src/errors.ts'
import { whole } from '../whole.ts'
import { capacityKinds, type CapacityKind } from './capacity.ts'

export type OverloadOptions = {
  /** Of the surge. */
  readonly seconds: number
  /** Seconds that capacity is measured for, four times: with and without work that is left out. */
  readonly probeSeconds: number
  /** Payments a second of a probe: more than the machine decides. */
  readonly probePerSecond: number
  readonly capacity: CapacityKind
  readonly deadlineMs: number
  readonly accounts: number
  readonly historyDays: number
  readonly json: boolean
}

export const help = `Usage: npm run bench:overload -- [options]

One instance with a model in shadow. First its capacity is measured: more comes than it can decide, and is then worked
off, twice with nothing left out, twice leaving out what it may, neither first. Then 1.5 times its capacity for a while, and half of it after
that. Exit code 1 if a payment is lost or an answer wrong, if memory beside the copies of histories passes 600 MiB, or if
answers are not inside the deadline again within 1.5 times backlog / (capacity while shedding - load), or if a payment
costs no less CPU while shedding.

  --seconds N        of the surge (30)
  --probe-seconds N  of each of the four measurements of capacity (10)
  --probe-rate N     payments a second that they offer (10000)
  --capacity KIND    drained (the default): a second, working off what waited when the generator had ended;
                     beside: a second, beside the generator, which takes its share of the machine in the surge as well
  --deadline-ms N    within which answers are to come (1000)
  --accounts N       that pay (5000), with --days N (5) of history each
  --json             print the result as JSON
`

const options = {
  seconds: { type: 'string', default: '30' },
  'probe-seconds': { type: 'string', default: '10' },
  'probe-rate': { type: 'string', default: '10000' },
  capacity: { type: 'string', default: 'drained' },
  'deadline-ms': { type: 'string', default: '1000' },
  accounts: { type: 'string', default: '5000' },
  days: { type: 'string', default: '5' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

/** The first part of a probe only warms up. */
const leastProbeSeconds = 4

/** null: help was asked for. @throws SluiceError USAGE */
export const parseOptions = (args: readonly string[]): OverloadOptions | null => {
  const { values } = parseArgs({ args: [...args], options })
  if (values.help) return null
  const probeSeconds = whole('probe-seconds', values['probe-seconds'])
  if (probeSeconds < leastProbeSeconds)
    throw new SluiceError(
      'USAGE',
      `--probe-seconds: expected at least ${leastProbeSeconds}, got ${probeSeconds}`,
    )
  const capacity = capacityKinds.find((kind) => kind === values.capacity)
  if (capacity === undefined)
    throw new SluiceError(
      'USAGE',
      `--capacity: expected ${capacityKinds.join(' or ')}, got ${JSON.stringify(values.capacity)}`,
    )
  return {
    capacity,
    seconds: whole('seconds', values.seconds),
    probeSeconds,
    probePerSecond: whole('probe-rate', values['probe-rate']),
    deadlineMs: whole('deadline-ms', values['deadline-ms']),
    accounts: whole('accounts', values.accounts),
    historyDays: whole('days', values.days),
    json: values.json,
  }
}
