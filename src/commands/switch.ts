import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { openKafka } from '../compose/kafka.kafka.ts'
import { readSettings } from '../config.ts'
import { SluiceError } from '../errors.ts'
import { readLiveEvents } from '../offline/demo/liveEvents.file.ts'
import { createPending } from '../offline/demo/pending.ts'
import { openSwitch } from '../offline/demo/switch.kafka.ts'
import { writeSwitchMessage } from '../offline/demo/switchMessages.ts'
import { createTally } from '../offline/demo/tally.ts'
import { createTimetable } from '../offline/demo/timetable.ts'
import { createLog } from '../ops/log.ts'
import { readVersion } from '../ops/version.file.ts'
import { loadSchemas } from '../stream/codec/schemas.file.ts'
import { topicNames } from '../stream/topicSpec.ts'
import { numberOf, required } from './options.ts'

export const summary = 'play the payment switch of the demo'

const help = `Usage: sluice switch --events FILE --rate N

Reads \`decisions\`, says so, and waits for a line on standard input. Then it sends the payments, device reports and
account events of FILE, made by \`sluice demo\`, and prints what is decided, one JSON object a line. It ends when
standard input does. Brokers and the prefix of topics come from the environment.

  --events FILE   simulated events, one JSON object a line
  --rate N        payments a second
`

const options = {
  events: { type: 'string' },
  rate: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const

/** Reports must be known before the payment that they matter to. */
const aheadMs = 400
/** How long the last decisions are waited for. */
const patienceMs = 20_000

type Starter = {
  readonly begun: Promise<void>
  /** Rejects when standard input ends: whoever started this process is gone, or wants it to go. */
  readonly gone: Promise<never>
  readonly close: () => void
}

const listen = (): Starter => {
  const lines = createInterface({ input: process.stdin })
  const { promise: gone, reject } = createPending<never>()
  lines.once('close', () => reject(new SluiceError('STOPPED', 'standard input ended')))
  return {
    begun: new Promise((resolve) => void lines.once('line', () => resolve())),
    gone,
    close: () => {
      lines.close()
      process.stdin.destroy()
    },
  }
}

export const run = async (args: readonly string[]): Promise<number> => {
  const { values } = parseArgs({ args: [...args], options })
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  const file = required(values.events, '--events')
  const ratePerSecond = numberOf(required(values.rate, '--rate'), '--rate')
  if (ratePerSecond <= 0) throw new SluiceError('USAGE', '--rate: expected more than 0')

  const settings = readSettings()
  const log = createLog(
    { level: settings.logLevel, instance: settings.instanceId, version: readVersion() },
    process.stderr,
  )
  const starter = listen()
  try {
    const paymentSwitch = await openSwitch({
      kafka: openKafka(settings, log, { clientId: 'sluice-switch' }),
      groupId: `${settings.groupId}-switch`,
      topics: topicNames(settings.topicPrefix),
      schemas: await loadSchemas(settings.schemasDir),
      tally: createTally(),
      say: (message) => process.stdout.write(writeSwitchMessage(message)),
      monotonic: () => performance.now(),
      wait: (ms) => wait(ms),
    })
    const playAll = async (): Promise<void> => {
      await starter.begun
      const events = await readLiveEvents(file)
      await paymentSwitch.play(createTimetable(events, { ratePerSecond, aheadMs }), patienceMs)
    }
    try {
      await Promise.race([playAll(), starter.gone])
    } catch (error) {
      log.fatal({ error }, 'the switch cannot go on')
      await paymentSwitch.close()
      process.exit(1)
    }
    await paymentSwitch.close()
    return 0
  } finally {
    starter.close()
  }
}
