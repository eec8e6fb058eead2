// npm run bench:vulnerabilities: what matching devices with a whole catalogue costs.
import { loadSchemas, ownSchemasFolder } from '../../src/stream/codec/schemas.file.ts'
import { measureVulnerabilities } from './measure.ts'

const figures = measureVulnerabilities(
  await loadSchemas(ownSchemasFolder),
  { entries: 1_556, versions: 500, calls: 1_000_000 },
  () => performance.now(),
)
process.stdout.write(`${JSON.stringify(figures)}\n`)
