import { parentPort, workerData } from 'node:worker_threads'
import { SluiceError } from '../errors.ts'
import { createScorer } from './scorer.ts'
import type { Answered, Asked, ScorerTask } from './workerScorer.process.ts'

/** The thread of one model whose engine is another than the champion's. */

const port = parentPort
if (port === null) throw new Error('expected to be started as a worker')

// The one place where what was handed over becomes typed: workerScorer.process.ts starts this file with nothing else.
const { model, features } = workerData as ScorerTask
const say = (answer: Answered): void => port.postMessage(answer)

const rowsOf = ({ values, rows, columns }: Asked): readonly Float64Array[] =>
  Array.from({ length: rows }, (_, row) => values.subarray(row * columns, (row + 1) * columns))

try {
  const scorer = await createScorer(model, new Map(features.map((name, at) => [name, at])))
  port.on('message', (asked: Asked) => {
    try {
      const startedAt = performance.now()
      const probabilities = scorer.score(rowsOf(asked))
      say({ kind: 'scored', id: asked.id, probabilities, micros: (performance.now() - startedAt) * 1000 })
    } catch (error) {
      say({ kind: 'failed', id: asked.id, message: error instanceof Error ? error.message : String(error) })
    }
  })
  say({ kind: 'ready', model: scorer.model, reasonCodes: scorer.reasonCodes })
} catch (error) {
  if (!(error instanceof SluiceError)) throw error
  say({ kind: 'refused', code: error.code, message: error.message })
}
