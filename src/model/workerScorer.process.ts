import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { type ErrorCode, SluiceError } from '../errors.ts'
import type { Artifact } from './artifact.file.ts'
import type { Pin } from './pin.ts'

/** What the worker is started with. */
export type ScorerTask = {
  readonly model: Artifact & { readonly pin: Pin }
  readonly features: readonly string[]
}

/** Rows one after the other. */
export type Asked = {
  readonly id: number
  readonly values: Float64Array
  readonly rows: number
  readonly columns: number
}

export type Answered =
  | { readonly kind: 'ready'; readonly model: string; readonly reasonCodes: readonly string[] }
  | { readonly kind: 'refused'; readonly code: ErrorCode; readonly message: string }
  | {
      readonly kind: 'scored'
      readonly id: number
      readonly probabilities: Float64Array
      readonly micros: number
    }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string }

/** Scores of some rows with the time that the model's call took. */
export type TimedScores = { readonly probabilities: Float64Array; readonly micros: number }

/** A model in a thread of its own. */
export type WorkerScorer = {
  readonly model: string
  readonly reasonCodes: readonly string[]
  /** Rejects where the model, or its thread, failed. */
  readonly score: (rows: readonly Float64Array[]) => Promise<TimedScores>
  readonly dispose: () => void
}

type Waiting = { readonly resolve: (scores: TimedScores) => void; readonly reject: (error: Error) => void }

/** In a checkout that is not compiled the worker is TypeScript, and begins with what runs that. */
const startWorker = (workerData: ScorerTask): Worker => {
  if (!import.meta.url.endsWith('.ts'))
    return new Worker(new URL('./scorer.worker.js', import.meta.url), { workerData })
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx/esm/api')).href
  const file = new URL('./scorer.worker.ts', import.meta.url).href
  const code = `import('${tsx}').then(({ register }) => (register(), import('${file}')))`
  return new Worker(code, { workerData, eval: true })
}

const flat = (rows: readonly Float64Array[], columns: number): Float64Array => {
  const values = new Float64Array(rows.length * columns)
  rows.forEach((row, at) => values.set(row, at * columns))
  return values
}

/**
 * Starts a thread that loads the model on its pinned engine, warms it up and checks its golden vectors.
 * @throws SluiceError what the loading of the model throws; MODEL_INVALID where the thread ended instead
 */
export const startWorkerScorer = async (task: ScorerTask): Promise<WorkerScorer> => {
  const worker = startWorker(task)
  const waiting = new Map<number, Waiting>()
  let ended: Error | null = null
  let next = 0

  const end = (error: Error): void => {
    ended ??= error
    for (const { reject } of waiting.values()) reject(ended)
    waiting.clear()
  }

  const ready = new Promise<Extract<Answered, { kind: 'ready' }>>((resolve, reject) => {
    worker.on('error', (error) => {
      end(error)
      reject(new SluiceError('MODEL_INVALID', "the thread of a challenger's model failed", { cause: error }))
    })
    worker.on('exit', (code) => {
      end(new Error(`the model's thread ended with ${code}`))
      reject(new SluiceError('MODEL_INVALID', `the thread of a challenger's model ended with ${code}`))
    })
    worker.on('message', (answer: Answered) => {
      if (answer.kind === 'ready') return resolve(answer)
      if (answer.kind === 'refused') return reject(new SluiceError(answer.code, answer.message))
      const asked = waiting.get(answer.id)
      waiting.delete(answer.id)
      if (answer.kind === 'scored') asked?.resolve(answer)
      else asked?.reject(new Error(answer.message))
    })
  })

  const dispose = (): void => void worker.terminate()
  try {
    const { model, reasonCodes } = await ready
    // It ends with the process, and holds it not.
    worker.unref()
    return {
      model,
      reasonCodes,
      score: (rows) =>
        new Promise((resolve, reject) => {
          if (ended !== null) return reject(ended)
          const columns = task.features.length
          const values = flat(rows, columns)
          const id = next++
          waiting.set(id, { resolve, reject })
          const asked: Asked = { id, values, rows: rows.length, columns }
          worker.postMessage(asked, [values.buffer as ArrayBuffer])
        }),
      dispose,
    }
  } catch (error) {
    dispose()
    throw error
  }
}
