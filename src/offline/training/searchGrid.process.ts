import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import type { BackendName } from '../../model/pin.ts'
import { startThread } from '../../model/startThread.thread.ts'
import type { Variant } from './grid.ts'
import type { Inputs } from './inputs.ts'
import type { TrainingSpec } from './spec.ts'

/** What a thread is given. */
export type TrialData = {
  readonly spec: TrainingSpec
  readonly engine: BackendName
  readonly training: Inputs
  readonly validation: Inputs
}

/** What it says. */
export type Tried = { readonly averagePrecision: number; readonly epochs: number }

/** The same memory for all threads: a copy for each would be most of what there is. */
const shared = ({ columns, values, labels }: Inputs): Inputs => {
  const share = (array: Float32Array): Float32Array => {
    const copy = new Float32Array(new SharedArrayBuffer(array.byteLength))
    copy.set(array)
    return copy
  }
  return { columns, values: share(values), labels: share(labels) }
}

const tryOne = async (workerData: TrialData): Promise<Tried> => {
  const worker = startThread('gridWorker.process', import.meta.url, { workerData })
  try {
    const [tried] = (await once(worker, 'message')) as [Tried]
    return tried
  } finally {
    await worker.terminate()
  }
}

/**
 * Fits every variant, as many at a time as there are cores. The order of the results is that of the variants, so
 * threads do not change what is chosen.
 */
export const searchGrid = async (
  variants: readonly Variant[],
  engine: BackendName,
  training: Inputs,
  validation: Inputs,
  onTried: (variant: Variant, tried: Tried) => void,
): Promise<readonly Tried[]> => {
  const data = { engine, training: shared(training), validation: shared(validation) }
  const results: Tried[] = []
  let next = 0
  const work = async (): Promise<void> => {
    for (let at = next++; at < variants.length; at = next++) {
      const variant = variants[at]!
      const tried = await tryOne({ ...data, spec: variant.spec })
      results[at] = tried
      onTried(variant, tried)
    }
  }
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), variants.length) }, work))
  return results
}

/** The variant with the highest average precision, the first of equals. */
export const bestOf = (variants: readonly Variant[], tried: readonly Tried[]): Variant =>
  variants.reduce((best, variant, at) =>
    (tried[at]?.averagePrecision ?? NaN) > (tried[variants.indexOf(best)]?.averagePrecision ?? NaN)
      ? variant
      : best,
  )
