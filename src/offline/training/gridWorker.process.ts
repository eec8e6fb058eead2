// One thread of a grid search: fits the spec that it is given and says how good it became.
import { parentPort, workerData } from 'node:worker_threads'
import { openBackend } from '../../model/backend.ts'
import { fitNetwork } from './fitNetwork.ts'
import type { Tried, TrialData } from './searchGrid.process.ts'

const { spec, engine, training, validation } = workerData as TrialData
await openBackend(engine)
const { epochs, taken } = fitNetwork(spec, training, validation, () => undefined)
const tried: Tried = { averagePrecision: epochs[taken - 1]?.averagePrecision ?? NaN, epochs: taken }
parentPort?.postMessage(tried)
