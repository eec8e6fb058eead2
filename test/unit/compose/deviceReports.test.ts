import { expect, test } from 'vitest'
import { withoutDocument } from '../../../src/attestation/believe.ts'
import type { Arrived } from '../../../src/attestation/readReports.ts'
import { createTakeReports } from '../../../src/compose/deviceReports.ts'
import type { DeviceHealth } from '../../../src/domain/deviceHealth.ts'
import { reportWith } from '../../support/attestation/documents.ts'

const arrived = Array.from({ length: 100 }, (_, n): Arrived => ({
  report: reportWith({ deviceId: `dev-${n}`, reportId: `rep-${n}` }, 1_000, null),
  owner: `device-health 0 ${n}`,
  arrivedAt: 1_000,
}))
const read = (some: readonly Arrived[]) =>
  Promise.resolve(some.map(({ report }) => ({ health: withoutDocument(report), document: null })))

test('thousands of reports are taken over some at a time, all of them, in their order', async () => {
  const batches: string[][] = []
  const apply = (reports: readonly DeviceHealth[]): Promise<void> => {
    batches.push(reports.map(({ deviceId }) => deviceId))
    return Promise.resolve()
  }
  await createTakeReports(read, { apply }, () => undefined)(arrived)
  expect(Math.max(...batches.map(({ length }) => length))).toBeLessThanOrEqual(32)
  expect(batches.flat()).toEqual(arrived.map(({ report }) => report.deviceId))
})

test('what could not be kept comes again, with what follows it', async () => {
  let calls = 0
  const apply = (): Promise<void> => (++calls === 2 ? Promise.reject(new Error('away')) : Promise.resolve())
  await expect(createTakeReports(read, { apply }, () => undefined)(arrived)).rejects.toThrow('away')
  expect(calls).toBe(2)
})
