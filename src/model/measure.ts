import type { Artifact } from './artifact.file.ts'
import { type Backend, openBackend } from './backend.ts'
import type { Manifest } from './manifest.ts'
import type { BackendName, Pin } from './pin.ts'
import { createScorer } from './scorer.ts'

/** Batch sizes that are measured: one payment, a part of a batch, a full one. */
export const measuredRows = [1, 8, 64] as const

/** How fast a model scores under a pin. */
export type Measurement = {
  readonly pin: Pin
  /** Median microseconds of one call, by rows. */
  readonly micros: Readonly<Record<(typeof measuredRows)[number], number>>
}

const warmUpCalls = 200
const timedCalls = 500
/** An engine that needs this long for either is slow enough to know it from fewer calls. */
const mostMs = 500

/** The engine that runs a model where nobody asks for another one: it can everywhere. */
export const engineFor = (format: Manifest['format']): BackendName => (format === 'trees' ? 'trees' : 'wasm')

/** The shapes that make an engine's scores independent of a row's place: see pin.ts. */
export const pinFor = ({ name, version }: Pick<Backend, 'name' | 'version'>): Pin => ({
  backend: name,
  version,
  batchShapes: name === 'tfjs-node' ? [64] : [],
})

const medianMicros = (call: () => void, now: () => number): number => {
  const warmFrom = now()
  for (let done = 0; done < warmUpCalls && now() - warmFrom < mostMs; done++) call()
  const micros: number[] = []
  const timedFrom = now()
  do {
    const from = now()
    call()
    micros.push((now() - from) * 1000)
  } while (micros.length < timedCalls && now() - timedFrom < mostMs)
  return micros.toSorted((x, y) => x - y)[micros.length >> 1]!
}

/**
 * Scores the model's golden rows again and again; the thread's TF.js engine is `name` afterwards.
 * @param now monotonic milliseconds
 * @throws SluiceError BACKEND_UNAVAILABLE, MODEL_INVALID, or MODEL_UNVERIFIED if a golden vector is off
 */
export const measureBackend = async (
  artifact: Artifact,
  name: BackendName,
  now: () => number,
): Promise<Measurement> => {
  const backend = await openBackend(name)
  const pin = pinFor(backend)
  const { features, goldenVectors } = artifact.manifest
  const featureIndex = new Map(features.map((feature, at) => [feature.name, at]))
  const scorer = await createScorer({ ...artifact, pin }, featureIndex, () => Promise.resolve(backend))
  const rowsOf = (count: number): readonly Float64Array[] =>
    Array.from({ length: count }, (_, at) =>
      Float64Array.from(goldenVectors[at % goldenVectors.length]!.row, (value) => value ?? NaN),
    )
  try {
    const [one, eight, full] = measuredRows.map((count) => {
      const rows = rowsOf(count)
      return medianMicros(() => scorer.score(rows), now)
    })
    return { pin, micros: { 1: one!, 8: eight!, 64: full! } }
  } finally {
    scorer.dispose()
  }
}
