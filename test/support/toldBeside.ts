import type { DeviceReport, DeviceSignal } from '../../src/domain/deviceHealth.ts'
import { deviceSignals } from '../../src/domain/deviceHealth.ts'
import type { RiskFeedback } from '../../src/domain/feedback.ts'
import { createDeviceHealthCodec } from '../../src/stream/codec/deviceHealth.ts'
import { createRiskFeedbackCodec } from '../../src/stream/codec/riskFeedback.ts'
import { provenFeedback } from './provenFeedback.ts'
import type { Scene } from './scene.ts'
import { ownName } from './shared.ts'

const dayMs = 86_400_000

/** All that a device can say, a moment ago: good, but for these. */
export const reportOf = (
  deviceId: string,
  unhealthy: readonly DeviceSignal[],
  observedAt = Date.now(),
): DeviceReport => ({
  reportId: ownName('report'),
  deviceId,
  observedAt,
  platform: 'WINDOWS',
  osVersion: '10.0.26100',
  patchLevel: '2026-06-01',
  appVersion: '7.1.0',
  readings: deviceSignals.map((signal) => ({
    signal,
    state: unhealthy.includes(signal) ? 'UNHEALTHY' : 'HEALTHY',
    source: 'app',
    attested: true,
    observedAt,
    expiresAt: observedAt + dayMs,
  })),
  document: null,
})

/** Publishes what is told beside payments; resolves when Kafka has it. */
export type TellBeside = {
  readonly report: (reports: readonly DeviceReport[]) => Promise<void>
  readonly feedback: (feedback: readonly RiskFeedback[]) => Promise<void>
  readonly close: () => Promise<void>
}

export const openBeside = async ({ kafka, topics, schemas, environment }: Scene): Promise<TellBeside> => {
  const reports = createDeviceHealthCodec(schemas)
  const feedback = createRiskFeedbackCodec(schemas)
  const producer = kafka.producer({ allowAutoTopicCreation: false })
  await producer.connect()
  const send = async (topic: string, messages: readonly { key: string; value: Buffer }[]): Promise<void> => {
    await producer.send({ topic, acks: -1, messages: [...messages] })
  }
  return {
    report: (some) =>
      send(
        topics.deviceHealth,
        some.map((each) => ({ key: each.deviceId, value: reports.encode(each) })),
      ),
    feedback: (some) =>
      send(
        topics.riskFeedback,
        some.map((each) => ({
          key: each.accountId,
          value: feedback.encode(provenFeedback(environment, each)),
        })),
      ),
    close: () => producer.disconnect(),
  }
}
