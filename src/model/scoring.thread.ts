import { parentPort, workerData } from 'node:worker_threads'
import { SluiceError } from '../errors.ts'
import type { Model } from './bundle.file.ts'
import { asked, at, turn, writeExplanation, type Exchange } from './exchange.ts'
import { openerFor } from './backend.ts'
import type { Strictness } from './engine.ts'
import { messageOf } from './refusal.ts'
import { createScorer, type Scorer } from './scorer.ts'

export type ScoringOrder = {
  readonly model: Model
  readonly featureIndex: ReadonlyMap<string, number>
  readonly width: number
  readonly exchange: Exchange
  readonly strictness: Strictness
}

/** What the thread says once: that it is ready, or what is wrong with the model. */
export type ScoringAnswer =
  | { readonly ready: Pick<Scorer, 'model' | 'engine' | 'reasonCodes'> }
  | { readonly code: SluiceError['code'] | null; readonly message: string }

/** Answers the question that stands in the exchange. */
const answer = (scorer: Scorer, { exchange, width }: ScoringOrder): void => {
  const { control, rows, results } = exchange
  if (control[at.asked] === asked.tensors) {
    results[0] = scorer.tensorCount()
    return
  }
  const count = control[at.rows]!
  const given = Array.from({ length: count }, (_, row) => rows.slice(row * width, (row + 1) * width))
  if (control[at.asked] === asked.score) return results.set(scorer.score(given))
  scorer.explain(given).forEach((explanation, row) => writeExplanation(results, row, explanation))
}

/** Never returns: whoever started the thread ends it. */
const serve = (scorer: Scorer, order: ScoringOrder): never => {
  const { control } = order.exchange
  for (;;) {
    const whose = Atomics.load(control, at.turn)
    if (whose !== turn.question) {
      Atomics.wait(control, at.turn, whose)
      continue
    }
    let result: number = turn.answer
    try {
      answer(scorer, order)
    } catch {
      result = turn.failure
    }
    Atomics.store(control, at.turn, result)
    Atomics.notify(control, at.turn)
  }
}

const start = async (order: ScoringOrder): Promise<void> => {
  const say = (said: ScoringAnswer): void => parentPort?.postMessage(said)
  try {
    const scorer = await createScorer(order.model, order.featureIndex, openerFor(order.strictness))
    const { model, engine, reasonCodes } = scorer
    say({ ready: { model, engine, reasonCodes } })
    serve(scorer, order)
  } catch (error) {
    say({ code: error instanceof SluiceError ? error.code : null, message: messageOf(error) })
  }
}

await start(workerData as ScoringOrder)
