import { SluiceError } from '../errors.ts'
import { type Backend, openPinned } from './backend.ts'
import type { Artifact } from './artifact.file.ts'
import { compileLogOdds, sigmoid } from './calibrate.ts'
import { compileExplain, type Explanation } from './explain.ts'
import { checkGolden } from './golden.ts'
import type { Engine } from './engine.ts'
import type { Pin } from './pin.ts'
import { inputsOf } from './inputs.ts'
import { createRunner } from './runner.ts'

/** A verified, warm model. Synchronous: one call to the backend for the whole batch. */
export type Scorer = {
  /** `<id>/<version>` of the model. */
  readonly model: string
  /** What it is scored on. */
  readonly engine: Engine
  /**
   * @param rows raw features in the bundle's order, NaN where not known
   * @returns calibrated probability of fraud for each row; NaN if the network gave no finite number
   */
  readonly score: (rows: readonly Float64Array[]) => Float64Array
  /** The codes of the reason groups, in the order of the contributions that `explain` gives. */
  readonly reasonCodes: readonly string[]
  /**
   * @returns for each row its log-odds and, by reason group, by how much they fall when the group's features take
   * their baseline values. NaN where the model could not score.
   */
  readonly explain: (rows: readonly Float64Array[]) => readonly Explanation[]
  readonly tensorCount: () => number
  readonly dispose: () => void
}

/** Batch sizes of the flow: one payment, a part of a batch, a full one. */
const warmUpRows = [1, 8, 64]

/** What a scorer needs of an artifact. */
type Scored = Pick<Artifact, 'manifest' | 'network'>

const positionsOf = (model: Scored, featureIndex: ReadonlyMap<string, number>): readonly number[] =>
  model.manifest.features.map(({ name }) => {
    const position = featureIndex.get(name)
    if (position !== undefined) return position
    throw new SluiceError(
      'MODEL_INVALID',
      `${model.manifest.id}: feature ${name} is not among those computed`,
    )
  })

/**
 * Loads the model on its pinned backend, warms it up and checks its golden vectors.
 * @param featureIndex where in a row each feature stands; the same for all rows that will be scored
 * @param pause awaited between the pieces of the work, each about as long as a call or two of the model
 * @throws SluiceError MODEL_INVALID, MODEL_UNVERIFIED (a golden vector is off) or BACKEND_UNAVAILABLE
 */
export const createScorer = async (
  model: Scored & { readonly pin: Pin },
  featureIndex: ReadonlyMap<string, number>,
  open: (pin: Pin) => Promise<Backend> = openPinned,
  pause: () => Promise<void> = () => Promise.resolve(),
): Promise<Scorer> => {
  const { manifest, pin } = model
  const compileInputs = inputsOf(model)
  const preprocess = compileInputs(positionsOf(model, featureIndex))
  const logOdds = compileLogOdds(manifest.output, manifest.calibration)
  const backend = await open(pin)
  await pause()
  const network = await backend.load(model.network)
  const run = createRunner(network, preprocess.columns, pin)

  const score = (rows: readonly Float64Array[]): Float64Array =>
    run(rows.length, (row, into, offset) => preprocess.write(rows[row]!, into, offset)).map((output) =>
      sigmoid(logOdds(output)),
    )

  try {
    await pause()
    for (const _step of checkGolden(manifest, compileInputs, run)) await pause()
    const anyRow = new Float64Array(Math.max(0, ...featureIndex.values()) + 1)
    for (const rows of warmUpRows) {
      await pause()
      score(Array.from({ length: rows }, () => anyRow))
    }
  } catch (cause) {
    network.dispose()
    if (cause instanceof SluiceError) throw cause
    throw new SluiceError(
      'MODEL_INVALID',
      `${manifest.id}/${manifest.version}: the network does not take ${preprocess.columns} inputs`,
      { cause },
    )
  }
  return {
    model: `${manifest.id}/${manifest.version}`,
    engine: { backend: backend.name, version: backend.version },
    score,
    reasonCodes: manifest.reasonGroups.map((group) => group.code),
    explain: compileExplain(manifest, compileInputs, preprocess, run, logOdds),
    tensorCount: backend.tensorCount,
    dispose: network.dispose,
  }
}
