import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import {
  accountEventFormat,
  deviceHealthFormat,
  feedbackFormat,
  labelFormat,
  paymentFormat,
} from '../files/formats.ts'
import { createRecordWriter } from '../files/records.file.ts'
import { fileError } from '../files/text.file.ts'
import { events } from './events.ts'
import type { ScenarioName } from './simEvent.ts'
import type { World } from './world.ts'

export const exportedFiles = {
  payments: 'payments.csv.gz',
  deviceHealth: 'device-health.ndjson.gz',
  accountEvents: 'account-events.csv.gz',
  feedback: 'feedback.csv.gz',
  labels: 'labels.csv.gz',
} as const

export type ExportSummary = {
  readonly payments: number
  readonly deviceReports: number
  readonly accountEvents: number
  readonly feedback: number
  readonly frauds: number
  readonly fraudsByScenario: Readonly<Partial<Record<ScenarioName, number>>>
}

export type ExportOptions = {
  readonly untilAt: number
  readonly folder: string
  readonly onPayment?: (count: number) => void
}

/**
 * Writes what happens until `untilAt` into files that `readRecords` reads, with the feedback that those payments get
 * later. The truth goes into the labels only. @throws SluiceError FILE_INVALID
 */
export const exportWorld = async (world: World, options: ExportOptions): Promise<ExportSummary> => {
  const { untilAt, folder, onPayment = () => undefined } = options
  await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw fileError(folder, cause)
  })
  const at = (name: string): string => join(folder, name)
  const writers = {
    payment: createRecordWriter(at(exportedFiles.payments), paymentFormat),
    deviceHealth: createRecordWriter(at(exportedFiles.deviceHealth), deviceHealthFormat),
    accountEvent: createRecordWriter(at(exportedFiles.accountEvents), accountEventFormat),
    feedback: createRecordWriter(at(exportedFiles.feedback), feedbackFormat),
    label: createRecordWriter(at(exportedFiles.labels), labelFormat),
  }
  const counts = { payment: 0, deviceHealth: 0, accountEvent: 0, feedback: 0 }
  const fraudsByScenario: Partial<Record<ScenarioName, number>> = {}
  let frauds = 0
  for (const event of events(world, { untilAt, laterFeedback: true })) {
    counts[event.kind] += 1
    if (event.kind === 'deviceHealth') await writers.deviceHealth.write(event.report)
    else if (event.kind === 'accountEvent') await writers.accountEvent.write(event.event)
    else if (event.kind === 'feedback') await writers.feedback.write(event.feedback)
    else {
      const { payment, truth } = event
      const { paymentId, occurredAt, accountId } = payment
      await writers.payment.write(payment)
      await writers.label.write({ paymentId, occurredAt, accountId, ...truth })
      if (truth.scenario !== null) {
        frauds += 1
        fraudsByScenario[truth.scenario] = (fraudsByScenario[truth.scenario] ?? 0) + 1
      }
      onPayment(counts.payment)
    }
  }
  await Promise.all(Object.values(writers).map((writer) => writer.close()))
  return {
    payments: counts.payment,
    deviceReports: counts.deviceHealth,
    accountEvents: counts.accountEvent,
    feedback: counts.feedback,
    frauds,
    fraudsByScenario,
  }
}
