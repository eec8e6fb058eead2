import { expect, test } from 'vitest'
import { createInPieces } from '../../../src/compose/inPieces.ts'
import { tableOfVulnerabilities } from '../../../src/compose/tablesOfVulnerabilities.ts'
import { createVulnerabilities } from '../../../src/features/vulnerabilities.ts'
import { loadSchemas, ownSchemasFolder } from '../../../src/stream/codec/schemas.file.ts'
import { aVulnerability } from '../../support/vulnerabilities.ts'

test('a batch of vulnerabilities is taken over in pieces: payments in between see those that are there', async () => {
  const vulnerabilities = createVulnerabilities()
  const seen: number[] = []
  const rest = (): Promise<void> => {
    seen.push(vulnerabilities.size())
    return Promise.resolve()
  }
  const inPieces = createInPieces({ monotonic: () => 0, rest, budgetMs: 0 })
  const schemas = await loadSchemas(ownSchemasFolder)
  const { table } = tableOfVulnerabilities(
    'vulnerabilities',
    vulnerabilities,
    { schemas, maxBytes: 10_000 },
    () => undefined,
    inPieces,
  )
  const changes = [1, 2, 3].map((n) => {
    const cveId = `CVE-2026-000${n}`
    return { key: cveId, value: aVulnerability({ cveId }), at: 1 }
  })
  await table.apply(changes)
  expect(seen).toEqual([1, 2, 3])
})
