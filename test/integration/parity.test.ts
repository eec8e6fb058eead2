import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Audit } from '../../src/domain/audit.ts'
import type { DeviceReport } from '../../src/domain/deviceHealth.ts'
import type { Payment } from '../../src/domain/payment.ts'
import { loadBundle } from '../../src/model/bundle.file.ts'
import { tensorEngines } from '../../src/model/pin.ts'
import { events } from '../../src/offline/simulator/events.ts'
import { createWorld } from '../../src/offline/simulator/world.ts'
import { createDeviceHealthCodec } from '../../src/stream/codec/deviceHealth.ts'
import { apart } from '../support/apart.ts'
import { readAudits, type Audits } from '../support/audits.ts'
import { runCommand } from '../support/command.ts'
import { parityPayments } from '../support/long.ts'
import { startProcessor, type Processor } from '../support/processor.ts'
import { openScene, type Scene } from '../support/scene.ts'
import { sharedServers } from '../support/shared.ts'
import { untilTrue } from '../support/until.ts'

const dayMs = 86_400_000
const accounts = 150
const days = Math.ceil(parityPayments / (accounts * 2)) + 1
const mostAtOnce = 64
const models = 'models'
const model = 'payment-risk/1'

type Life = { readonly reports: readonly DeviceReport[]; readonly payments: readonly Payment[] }

/** The same report as if it had been made at another time. */
const madeAt = (report: DeviceReport, observedAt: number): DeviceReport => {
  const later = observedAt - report.observedAt
  return {
    ...report,
    observedAt,
    readings: report.readings.map((reading) => ({
      ...reading,
      observedAt: reading.observedAt + later,
      expiresAt: reading.expiresAt + later,
    })),
  }
}

/** Payments of a simulated world until now, and before them the first report of each device. */
const liveOn = (): Life => {
  const now = Date.now()
  const startAt = now - days * dayMs
  const world = createWorld({ seed: 4_711, accounts, startAt })
  const reports = new Map<string, DeviceReport>()
  const payments: Payment[] = []
  for (const event of events(world, { untilAt: now })) {
    if (event.kind === 'deviceHealth' && !reports.has(event.report.deviceId))
      reports.set(event.report.deviceId, madeAt(event.report, startAt - 1))
    if (event.kind === 'payment' && payments.length < parityPayments) payments.push(event.payment)
  }
  return { reports: [...reports.values()], payments }
}

/** Rows of a CSV file without quotes, by its first column. */
const readCsv = async (file: string): Promise<ReadonlyMap<string, readonly string[]>> => {
  const [, ...lines] = (await readFile(file, 'utf8')).trimEnd().split('\n')
  return new Map(
    lines.map((line) => {
      const [first = '', ...rest] = line.split(',')
      return [first, rest]
    }),
  )
}

const numbers = (texts: readonly string[] | undefined): readonly number[] =>
  (texts ?? []).map((text) => (text === '' ? NaN : Number(text)))

const ndjson = (records: readonly object[]): string =>
  records.map((record) => `${JSON.stringify(record)}\n`).join('')

describe.each(tensorEngines)('what was recorded online, with the model on %s', (backend) => {
  let folder: string
  let scene: Scene
  let processor: Processor
  let audits: Audits
  const life = liveOn()

  const file = (name: string): string => path.join(folder, name)

  const report = async (): Promise<void> => {
    const codec = createDeviceHealthCodec(scene.schemas)
    const producer = scene.kafka.producer({ allowAutoTopicCreation: false })
    await producer.connect()
    await producer.send({
      topic: scene.topics.deviceHealth,
      acks: -1,
      messages: life.reports.map((each) => ({ key: each.deviceId, value: codec.encode(each) })),
    })
    await producer.disconnect()
    const applied = `sluice_device_reports_total{result="applied"} ${life.reports.length}`
    await untilTrue(async () => (await (await fetch(`${processor.url}/metrics`)).text()).includes(applied))
  }

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'sluice-parity-'))
    await cp(models, file('models'), { recursive: true })
    const promoted = await runCommand(
      ['model', 'promote', model, '--models', file('models'), '--backend', backend],
      {},
    )
    expect(promoted).toMatchObject({ code: 0 })
    scene = await openScene(sharedServers(), {
      SLUICE_MODELS_DIR: file('models'),
      SLUICE_DEADLINE_MS: '20000',
      SLUICE_REDIS_TIMEOUT_MS: '10000',
    })
    processor = await startProcessor(scene.environment)
    audits = await readAudits(scene.kafka, scene.topics, scene.schemas)
    await report()
  })
  afterAll(async () => {
    await audits.close()
    await processor.end()
    await scene.close()
    await rm(folder, { recursive: true })
  })

  it(
    'is what replay and score make of an export, to the last bit',
    async () => {
      for (const part of apart(life.payments, mostAtOnce)) {
        await scene.paymentSwitch.send(part)
        await scene.paymentSwitch.allDecided()
      }
      const recorded: Audit[] = []
      for (const { paymentId } of life.payments) recorded.push(await audits.of(paymentId))

      const bundle = await loadBundle(file('models'))
      const names = bundle.champion.manifest.features.map(({ name }) => name)
      await writeFile(
        file('payments.ndjson'),
        ndjson(
          recorded.map(({ payment, sourceTimestamp }) => ({ ...payment, recordTimestamp: sourceTimestamp })),
        ),
      )
      await writeFile(file('reports.ndjson'), ndjson(life.reports))
      await writeFile(
        file('decisions.csv'),
        `paymentId,outcome\n${recorded.map(({ decision }) => `${decision.paymentId},${decision.outcome}\n`).join('')}`,
      )
      const replayed = await runCommand(
        ['replay', '--payments', file('payments.ndjson'), '--device-health', file('reports.ndjson')]
          .concat('--decisions', file('decisions.csv'), '--features', names.join(','))
          .concat(
            '--covered-since',
            new Date(scene.coveredSince).toISOString(),
            '--out',
            file('features.csv'),
          ),
        {},
      )
      expect(replayed).toMatchObject({ code: 0 })
      const scored = await runCommand(
        ['score', '--model', path.join(file('models'), model), '--features', file('features.csv')].concat(
          '--out',
          file('scores.csv'),
          '--backend',
          backend,
        ),
        {},
      )
      expect(scored).toMatchObject({ code: 0 })

      const features = await readCsv(file('features.csv'))
      const scores = await readCsv(file('scores.csv'))
      const differing = recorded.flatMap(({ payment: { paymentId }, features: online, decision }) => {
        const offline = numbers(features.get(paymentId))
        const wrong = names.filter((_, at) => !Object.is(online[at], offline[at]))
        const score = numbers(scores.get(paymentId))[0]
        return [
          ...wrong.map(
            (name) => `${paymentId} ${name}: ${online[names.indexOf(name)]} ${offline[names.indexOf(name)]}`,
          ),
          ...(Object.is(score, decision.probability)
            ? []
            : [`${paymentId}: ${decision.probability} ${score}`]),
        ]
      })
      expect(differing).toEqual([])
      expect(recorded).toHaveLength(parityPayments)
    },
    60_000 + 100 * parityPayments,
  )
})
