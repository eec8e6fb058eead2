import { SluiceError } from '../errors.ts'
import { compileLogOdds, sigmoid } from './calibrate.ts'
import type { Manifest } from './manifest.ts'
import type { CompileInputs } from './inputs.ts'
import type { Runner } from './runner.ts'

/** JSON's null back to NaN. */
export const rawRow = (row: readonly (number | null)[]): Float64Array =>
  Float64Array.from(row, (value) => value ?? NaN)

/**
 * Scores the golden vectors through preprocessing, network and calibration, in one batch and one by one.
 * @throws SluiceError MODEL_UNVERIFIED naming the vector that is off
 */
export const checkGolden = (manifest: Manifest, compileInputs: CompileInputs, run: Runner): void => {
  const { write } = compileInputs(manifest.features.map((_, at) => at))
  const logOdds = compileLogOdds(manifest.output, manifest.calibration)
  const rows = manifest.goldenVectors.map((golden) => rawRow(golden.row))
  const together = run(rows.length, (row, into, offset) => write(rows[row]!, into, offset))
  manifest.goldenVectors.forEach(({ probability }, at) => {
    const alone = run(1, (_, into, offset) => write(rows[at]!, into, offset))
    for (const output of [together[at]!, alone[0]!]) {
      const found = sigmoid(logOdds(output))
      // Written so that NaN fails.
      if (!(Math.abs(found - probability) <= manifest.goldenTolerance))
        throw new SluiceError(
          'MODEL_UNVERIFIED',
          `${manifest.id}/${manifest.version}: golden vector ${at} gives ${found}, expected ${probability}`,
        )
    }
  })
}
