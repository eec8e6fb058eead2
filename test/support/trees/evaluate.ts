import type { Backend } from '../../../src/model/backend.ts'
import { pinFor } from '../../../src/model/measure.ts'
import { createRunner } from '../../../src/model/runner.ts'
import type { Ensemble } from '../../../src/model/trees/ensemble.ts'
import { compileRanks } from '../../../src/model/trees/ranks.ts'

/** Log-odds of rows on an engine, through ranks and the calls that its pin allows. */
export const logOddsOn = async (
  backend: Backend,
  ensemble: Ensemble,
  rows: readonly ArrayLike<number>[],
): Promise<Float64Array> => {
  const features = rows[0]?.length ?? 0
  const positions = Array.from({ length: features }, (_, at) => at)
  const { columns, write } = compileRanks(ensemble, features, positions)
  const network = await backend.load({ format: 'trees', ensemble })
  try {
    const run = createRunner(network, columns, pinFor(backend))
    return run(rows.length, (row, into, offset) => write(rows[row]!, into, offset))
  } finally {
    network.dispose()
  }
}
