import type { Worker } from 'node:worker_threads'
import { SluiceError } from '../errors.ts'
import type { Model } from './bundle.file.ts'
import {
  asked,
  at,
  createExchange,
  mostRows,
  readExplanation,
  turn,
  type Asked,
  type Exchange,
} from './exchange.ts'
import type { Explanation } from './explain.ts'
import type { Engine, Strictness } from './engine.ts'
import { createRestarting, type ThreadScorer } from './restarting.ts'
import type { Scorer } from './scorer.ts'
import type { ScoringAnswer, ScoringOrder } from './scoring.thread.ts'
import { startThread } from './startThread.thread.ts'

/** Loading and warming up: tfjs-node alone takes seconds on a busy machine. */
const startMs = 60_000
/** A call that takes longer is given up, and the thread with it. */
const callMs = 500
/** After a thread could not be started again, the next try. */
const againMs = 5_000

const firstWord = async (worker: Worker): Promise<ScoringAnswer> => {
  const timer = setTimeout(() => void worker.terminate(), startMs)
  try {
    return await new Promise<ScoringAnswer>((resolve, reject) => {
      worker.once('message', resolve)
      worker.once('error', reject)
      worker.once('exit', (code) => reject(new Error(`the thread of a model ended with ${code}`)))
    })
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Starts a thread that loads the model on its pinned engine, warms it up and checks its golden vectors.
 * @throws SluiceError as `createScorer` does
 */
export const openScoringThread = async (
  model: Model,
  featureIndex: ReadonlyMap<string, number>,
  strictness: Strictness,
): Promise<{ readonly worker: Worker; readonly serving: Serving }> => {
  const width = Math.max(0, ...featureIndex.values()) + 1
  const exchange = createExchange(width, 1 + model.manifest.reasonGroups.length)
  const order: ScoringOrder = { model, featureIndex, width, exchange, strictness }
  const worker = startThread('scoring.thread', import.meta.url, { workerData: order })
  const answer = await firstWord(worker)
  if (!('ready' in answer)) {
    await worker.terminate()
    if (answer.code === null) throw new Error(answer.message)
    throw new SluiceError(answer.code, answer.message)
  }
  return { worker, serving: { ...answer.ready, width, exchange } }
}

/**
 * A scorer in a thread of its own, with an engine of its own: TF.js has one a thread. It looks like any other: whoever
 * calls it waits for the thread, as it would for a model in its own. A thread that ends or hangs is started again.
 * @throws SluiceError as `createScorer` does
 */
export const createScorerAside = async (
  model: Model,
  featureIndex: ReadonlyMap<string, number>,
  strictness: Strictness = 'as pinned',
): Promise<Scorer> => {
  const open = async (): Promise<ThreadScorer> => {
    const { worker, serving } = await openScoringThread(model, featureIndex, strictness)
    return scorerOf(worker, serving)
  }
  return createRestarting({
    first: await open(),
    open,
    later: (call) => void setTimeout(call, againMs).unref(),
  })
}

/** A thread that answers, and the memory through which it is asked. */
export type Serving = {
  readonly model: string
  readonly engine: Engine
  readonly reasonCodes: readonly string[]
  readonly width: number
  readonly exchange: Exchange
}

const scorerOf = (worker: Worker, { model, engine, reasonCodes, width, exchange }: Serving): ThreadScorer => {
  const { control, results } = exchange
  let gone: string | null = null
  worker.once('exit', () => (gone ??= 'has ended'))
  worker.on('error', (error) => (gone ??= `failed: ${error.message}`))
  // A thread that only waits for questions does not keep the process alive.
  worker.unref()

  const giveUp = (reason: string): never => {
    gone = reason
    void worker.terminate()
    throw new SluiceError('BACKEND_UNAVAILABLE', `${model}: its thread ${reason}`)
  }

  const ask = (question: Asked, rows: number): void => {
    if (gone !== null) giveUp(gone)
    control[at.asked] = question
    control[at.rows] = rows
    Atomics.store(control, at.turn, turn.question)
    Atomics.notify(control, at.turn)
    if (Atomics.wait(control, at.turn, turn.question, callMs) === 'timed-out')
      giveUp(`did not answer within ${callMs} ms`)
    if (Atomics.load(control, at.turn) === turn.failure)
      throw new SluiceError('MODEL_INVALID', `${model}: the network cannot be called`)
  }

  /** Rows in parts that fit the exchange; `take` is called with the first row of each part and their number. */
  const inParts = (
    question: Asked,
    rows: readonly Float64Array[],
    take: (first: number, count: number) => void,
  ): void => {
    for (let first = 0; first < rows.length; first += mostRows) {
      const part = rows.slice(first, first + mostRows)
      part.forEach((row, i) =>
        exchange.rows.set(row.length === width ? row : row.subarray(0, width), i * width),
      )
      ask(question, part.length)
      take(first, part.length)
    }
  }

  return {
    model,
    engine,
    reasonCodes,
    score: (rows) => {
      const scores = new Float64Array(rows.length)
      inParts(asked.score, rows, (first, count) => scores.set(results.subarray(0, count), first))
      return scores
    },
    explain: (rows) => {
      const explanations: Explanation[] = []
      inParts(asked.explain, rows, (_first, count) => {
        for (let row = 0; row < count; row++)
          explanations.push(readExplanation(results, row, reasonCodes.length))
      })
      return explanations
    },
    tensorCount: () => {
      ask(asked.tensors, 0)
      return results[0]!
    },
    isGone: () => gone !== null,
    dispose: () => {
      gone = 'was disposed of'
      void worker.terminate()
    },
  }
}
