// npm run bench:reasons: what the reasons of a batch with ten step-ups cost.
import { fileURLToPath } from 'node:url'
import { loadBundle } from '../../src/model/bundle.file.ts'
import { measureReasons } from './reasons.ts'

const models = fileURLToPath(new URL('../../models', import.meta.url))
const figures = await measureReasons(await loadBundle(models), { batch: 64, stepUps: 10, calls: 2_000 }, () =>
  performance.now(),
)
process.stdout.write(`${JSON.stringify(figures)}\n`)
