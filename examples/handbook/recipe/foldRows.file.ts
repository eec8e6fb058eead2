import type { ReadReports } from '../../../src/attestation/readReports.ts'
import { SluiceError } from '../../../src/errors.ts'
import { parseFeatureName, reachOf } from '../../../src/features/names.ts'
import { defaultRetentionMs } from '../../../src/features/plan.ts'
import type { FeatureRecord } from '../../../src/offline/dataset/row.ts'
import { mergeArrivals, type Arrivals } from '../../../src/offline/replay/arrivals.ts'
import { besidePayments, checkInputs, paymentArrivals } from '../../../src/offline/replay/inputs.file.ts'
import { createMemoryReplay } from '../../../src/offline/replay/memory.ts'
import { replay } from '../../../src/offline/replay/replay.ts'
import { loadSchemas, ownSchemasFolder } from '../../../src/stream/codec/schemas.file.ts'
import { type Fold, lies } from './fold.ts'

export type FoldRows = {
  readonly training: readonly FeatureRecord[]
  readonly test: readonly FeatureRecord[]
}

/** The handbook has no devices. */
const noReports: ReadReports = () => Promise.resolve([])

export type FoldFiles = { readonly payments: string; readonly feedback: string }

/** Up to the end of the test days: what comes later is not even read. */
async function* until(arrivals: Arrivals, end: number): Arrivals {
  for await (const some of arrivals) {
    const beyond = some.findIndex(({ at }) => at >= end)
    yield beyond < 0 ? some : some.slice(0, beyond)
    if (beyond >= 0) return
  }
}

/** As long as histories are kept by default, or as a feature looks back. */
const retentionFor = (features: readonly string[]): number =>
  features
    .map(parseFeatureName)
    .flatMap((spec) => (spec.family === 'velocity' ? [reachOf(spec) ?? 0] : []))
    .reduce((longest, reach) => Math.max(longest, reach), defaultRetentionMs)

/**
 * Replays the payments from the first one on and keeps the rows of the fold's two weeks.
 * @param payments in time order
 * @throws SluiceError FILE_INVALID if one of the weeks has no payments
 */
export const readFoldRows = async (
  files: FoldFiles,
  features: readonly string[],
  fold: Fold,
  onPayments: (count: number) => void,
): Promise<FoldRows> => {
  checkInputs(features, files)
  const deps = createMemoryReplay({
    features,
    schemas: await loadSchemas(ownSchemasFolder),
    retentionMs: retentionFor(features),
  })
  const training: FeatureRecord[] = []
  const test: FeatureRecord[] = []
  let count = 0
  try {
    const payments = until(paymentArrivals(files.payments, false), fold.test.to)
    const events = mergeArrivals(payments, besidePayments({ ...files }, noReports))
    for await (const some of replay(deps, events)) {
      for (const { payment, row } of some) {
        const { paymentId, accountId, occurredAt } = payment
        const part = lies(occurredAt, fold.training) ? training : lies(occurredAt, fold.test) ? test : null
        // A copy: the row is a view of a buffer that holds the whole batch.
        part?.push({ paymentId, accountId, occurredAt, values: Float64Array.from(row), controlGroup: null })
      }
      count += some.length
      onPayments(count)
    }
  } finally {
    await deps.histories.close()
  }
  for (const [name, part] of Object.entries({ training, test }))
    if (part.length === 0)
      throw new SluiceError('FILE_INVALID', `${files.payments}: expected payments in the fold's ${name} days`)
  return { training, test }
}
