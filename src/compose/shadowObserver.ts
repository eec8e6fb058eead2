import type { Log } from '../ops/log.ts'
import type { Metrics } from '../ops/metrics.ts'
import type { ShadowObserver } from './secondOpinions.ts'

/** Counts everything; logs the first failure of a model, and the next one only after it has scored again. */
export const observeShadows = (metrics: Metrics, log: Log): ShadowObserver => {
  const failing = new Set<string>()
  return {
    countPayments: metrics.countShadowPayments,
    countOpinion: (model, decided, opinion) => {
      failing.delete(model)
      metrics.countShadowOpinion(model, `${decided}_${opinion}`)
    },
    observeCall: metrics.observeShadowScore,
    onFailure: (model, error) => {
      if (failing.has(model)) return
      failing.add(model)
      log.warn({ model, error }, 'a model in shadow could not score; payments are decided without it')
    },
  }
}
