import { SluiceError } from '../errors.ts'
import { compileLogOdds, sigmoid } from './calibrate.ts'
import type { Manifest } from './manifest.ts'
import type { CompileInputs } from './inputs.ts'
import type { Runner } from './runner.ts'

/** JSON's null back to NaN. */
export const rawRow = (row: readonly (number | null)[]): Float64Array =>
  Float64Array.from(row, (value) => value ?? NaN)

/** Rows of a full micro-batch: no step may take longer than one does. */
const rowsTogether = 64

/**
 * Scores the golden vectors through preprocessing, network and calibration, in full batches and one by one. Each step
 * is a call or two of the network: whoever iterates may let others work in between.
 * @throws SluiceError MODEL_UNVERIFIED naming the vector that is off
 */
export function* checkGolden(
  manifest: Manifest,
  compileInputs: CompileInputs,
  run: Runner,
): Generator<void, void, undefined> {
  const { write } = compileInputs(manifest.features.map((_, at) => at))
  const logOdds = compileLogOdds(manifest.output, manifest.calibration)
  const rows = manifest.goldenVectors.map((golden) => rawRow(golden.row))
  let together: Float64Array = new Float64Array(0)
  for (const [at, { probability }] of manifest.goldenVectors.entries()) {
    yield
    const within = at % rowsTogether
    if (within === 0) {
      const count = Math.min(rowsTogether, rows.length - at)
      together = run(count, (row, into, offset) => write(rows[at + row]!, into, offset))
    }
    const alone = run(1, (_, into, offset) => write(rows[at]!, into, offset))
    for (const output of [together[within]!, alone[0]!]) {
      const found = sigmoid(logOdds(output))
      // Written so that NaN fails.
      if (!(Math.abs(found - probability) <= manifest.goldenTolerance))
        throw new SluiceError(
          'MODEL_UNVERIFIED',
          `${manifest.id}/${manifest.version}: golden vector ${at} gives ${Number.isNaN(found) ? 'no finite number' : found}, expected ${probability}`,
        )
    }
  }
}
