import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runReport } from '../../../src/commands/modelReport.ts'
import { createAuditWriter, readAuditFile } from '../../../src/offline/audit/audits.file.ts'
import { loadSchemas, ownSchemasFolder } from '../../../src/stream/codec/schemas.file.ts'
import { someAudits } from '../../support/audited.ts'
import { rejecting } from '../../support/model/throwing.ts'
import { audit as fullAudit } from '../stream/codec/samples.ts'

const models = fileURLToPath(new URL('../../../models', import.meta.url))
const some = someAudits(1_200)
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sluice-report-'))
  const writer = createAuditWriter(path.join(folder, 'audits.ndjson.gz'))
  for (const { audit } of some) await writer.write(audit)
  await writer.close()
  const labels = some.map(({ audit: { payment }, fraud }) =>
    [
      payment.paymentId,
      payment.occurredAt,
      payment.accountId,
      Number(fraud),
      payment.occurredAt + 1_000,
    ].join(),
  )
  await writeFile(
    path.join(folder, 'labels.csv'),
    ['paymentId,occurredAt,accountId,fraud,knownAt', ...labels, ''].join('\n'),
  )
})
afterAll(() => rm(folder, { recursive: true }))

const report = async (
  ...more: readonly string[]
): Promise<{ readonly html: string; readonly json: unknown }> => {
  const out = path.join(folder, 'out')
  const audit = path.join(folder, 'audits.ndjson.gz')
  await runReport(['--models', models, '--base', 'm/1', '--audit', audit, '--out', out, ...more])
  return {
    html: await readFile(path.join(out, 'report.html'), 'utf8'),
    json: JSON.parse(await readFile(path.join(out, 'report.json'), 'utf8')),
  }
}

describe('sluice model report', () => {
  it('writes a page with plots and the same as JSON', async () => {
    const { html, json } = await report('--labels', path.join(folder, 'labels.csv'))
    expect(json).toMatchObject({ base: 'm/1', payments: 1_200, labels: { known: 1_200 }, controlGroup: null })
    expect(html.match(/<svg /g)).toHaveLength(4)
    expect(html).toContain('m/2: Agreement')
  })

  it('knows only what was known by then', async () => {
    const { json } = await report('--labels', path.join(folder, 'labels.csv'), '--as-of', '2001-01-01')
    expect(json).toMatchObject({
      labels: { known: 0 },
      challengers: [{ quality: { base: { averagePrecision: null } } }],
    })
  })

  it('refuses what it cannot read, and says what was expected', async () => {
    const broken = path.join(folder, 'broken.ndjson')
    await writeFile(broken, `${JSON.stringify({ ...fullAudit, effectiveAt: 'noon' })}\n`)
    const args = ['--models', models, '--out', folder]
    expect((await rejecting(runReport([...args, '--audit', broken]))).message).toMatch(
      /broken.ndjson, line 1, effectiveAt: expected/,
    )
    expect(
      (await rejecting(runReport([...args, '--audit', broken, '--labels', 'a', '--feedback', 'b']))).message,
    ).toContain('expected --labels or --feedback, got both')
    expect((await rejecting(runReport(args))).message).toContain('--audit is missing')
  })
})

describe('a file of audit records', () => {
  it('gives back what was written, the unknown as NaN', async () => {
    const file = path.join(folder, 'one.ndjson')
    const writer = createAuditWriter(file)
    await writer.write(fullAudit)
    await writer.close()
    const read = []
    for await (const audit of readAuditFile(file, await loadSchemas(ownSchemasFolder))) read.push(audit)
    expect(read).toEqual([fullAudit])
  })
})
