import type { Model } from './bundle.file.ts'
import { asked, at, mostRows, turn } from './exchange.ts'
import type { Strictness } from './engine.ts'
import { openScoringThread } from './scorerAside.thread.ts'
import type { ShadowScorer } from './shadowScorer.ts'

/**
 * A model in a thread of its own, with an engine of its own. This thread goes on while that one scores. One call at a
 * time.
 * @throws SluiceError as `createScorer` does
 */
export const createShadowAside = async (
  model: Model,
  featureIndex: ReadonlyMap<string, number>,
  strictness: Strictness = 'as pinned',
): Promise<ShadowScorer> => {
  const { worker, serving } = await openScoringThread(model, featureIndex, strictness)
  const { control, rows: places, results } = serving.exchange
  let gone: string | null = null
  const ended = new Promise<'ended'>((resolve) => {
    worker.once('exit', () => {
      gone ??= 'has ended'
      resolve('ended')
    })
  })
  worker.on('error', (error) => (gone ??= `failed: ${error.message}`))
  worker.unref()

  const ask = async (part: readonly Float64Array[]): Promise<Float64Array> => {
    if (gone !== null) throw new Error(`${serving.model}: its thread ${gone}`)
    part.forEach((row, i) => places.set(row, i * serving.width))
    control[at.asked] = asked.score
    control[at.rows] = part.length
    Atomics.store(control, at.turn, turn.question)
    Atomics.notify(control, at.turn)
    const waited = Atomics.waitAsync(control, at.turn, turn.question)
    if (waited.async) await Promise.race([waited.value, ended])
    const whose = Atomics.load(control, at.turn)
    if (whose === turn.answer) return results.slice(0, part.length)
    throw new Error(
      `${serving.model}: ${whose === turn.failure ? 'the network cannot be called' : `its thread ${gone}`}`,
    )
  }

  return {
    model: serving.model,
    engine: serving.engine,
    reasonCodes: serving.reasonCodes,
    score: async (rows) => {
      const scores = new Float64Array(rows.length)
      for (let first = 0; first < rows.length; first += mostRows)
        scores.set(await ask(rows.slice(first, first + mostRows)), first)
      return scores
    },
    dispose: () => {
      gone ??= 'was disposed of'
      void worker.terminate()
    },
  }
}
