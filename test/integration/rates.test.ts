import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aPayment } from '../support/payments.ts'
import { startProcessor, type Processor } from '../support/processor.ts'
import { openScene, type Scene } from '../support/scene.ts'
import { ownName, sharedServers } from '../support/shared.ts'

describe('a processor with a table of exchange rates', () => {
  let folder = ''
  let scene: Scene
  let processor: Processor

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-rates-'))
    const file = join(folder, 'rates.csv')
    await writeFile(file, 'currency,validFrom,baseUnits\nUSD,2020-01-01,0.9\n')
    scene = await openScene(sharedServers(), { SLUICE_RATES_FILE: file })
    processor = await startProcessor(scene.environment)
  })
  afterAll(async () => {
    await processor.end()
    await scene.close()
    await rm(folder, { recursive: true })
  })

  it('knows amounts in the currencies of the table, and says so of others', async () => {
    const payments = ['USD', 'CHF'].map((currency) =>
      aPayment({
        paymentId: ownName('pay'),
        accountId: ownName('acc'),
        // Nothing in common with the other one: an amount that is not known makes sums with it unknown too.
        payeeId: ownName('payee'),
        ipAddress: null,
        deviceId: null,
        occurredAt: Date.now(),
        currency,
      }),
    )
    await scene.paymentSwitch.send(payments)
    await scene.paymentSwitch.allDecided()
    const degraded = payments.map(({ paymentId }) =>
      scene.paymentSwitch.answersTo(paymentId).map(({ decision }) => decision.degraded.includes('rates')),
    )
    expect(degraded).toEqual([[false], [true]])
  })
})
