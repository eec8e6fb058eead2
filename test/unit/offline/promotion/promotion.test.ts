import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { outcomes } from '../../../../src/domain/outcome.ts'
import { fitBaseline } from '../../../../src/model/fitBaseline.ts'
import { promotionPage } from '../../../../src/offline/promotion/promotionPage.ts'
import { createReporting, type KnownBundle } from '../../../../src/offline/promotion/promotionReport.ts'
import { hasBrowser, loadPage } from '../../../support/browser.ts'
import { anAudit, someAudits, type Told } from '../../../support/audited.ts'

const bundle: KnownBundle = { bundleHash: 'ab', champion: 'm/1', features: ['a'], baseline: undefined }
const reportOf = (
  audits: readonly ReturnType<typeof anAudit>[],
  labelOf: (payment: { readonly paymentId: string }) => number = () => NaN,
  known = bundle,
) => {
  const reporting = createReporting({ bundle: known, base: 'm/1', asOf: 0, labelOf })
  for (const audit of audits) reporting.add(audit)
  return { report: reporting.report(), curves: reporting.curves() }
}

const told = fc.record({
  probability: fc.oneof(fc.constant(NaN), fc.double({ min: 0, max: 1, noNaN: true })),
  outcome: fc.constantFrom(...outcomes),
})
const case_ = fc.record({
  base: told,
  model: told,
  byModel: fc.boolean(),
  label: fc.constantFrom(0, 1, NaN),
})

const auditOf = (at: number, base: Told, model: Told, byModel: boolean) =>
  byModel
    ? anAudit(`pay-${at}`, 'm/2', model, { 'm/1': base })
    : anAudit(`pay-${at}`, 'm/1', base, { 'm/2': model })

describe('the promotion report', () => {
  it('counts what counting by hand counts, whichever of the two decided', () => {
    fc.assert(
      fc.property(fc.array(case_, { minLength: 1, maxLength: 60 }), (cases) => {
        const audits = cases.map(({ base, model, byModel }, at) => auditOf(at, base, model, byModel))
        const labels = new Map(cases.map(({ label }, at) => [`pay-${at}`, label]))
        const [verdict] = reportOf(audits, ({ paymentId }) => labels.get(paymentId) ?? NaN).report.challengers
        outcomes.forEach((ours, row) =>
          outcomes.forEach((theirs, column) =>
            expect(verdict?.agreement[row]?.[column]).toBe(
              cases.filter(({ base, model }) => base.outcome === ours && model.outcome === theirs).length,
            ),
          ),
        )
        const blocked = cases.filter(
          ({ base, model }) => base.outcome !== 'BLOCK' && model.outcome === 'BLOCK',
        )
        const letThrough = cases.filter(
          ({ base, model }) => base.outcome !== 'ALLOW' && model.outcome === 'ALLOW',
        )
        for (const [found, some] of [
          [verdict?.wouldHaveBlocked, blocked],
          [verdict?.wouldHaveLetThrough, letThrough],
        ] as const)
          expect(found).toEqual({
            count: some.length,
            labelled: some.filter(({ label }) => !Number.isNaN(label)).length,
            frauds: some.filter(({ label }) => label === 1).length,
          })
        const used = cases.filter(
          ({ base, model, label }) => ![base.probability, model.probability, label].some(Number.isNaN),
        )
        const caught = used.filter(({ model, label }) => model.outcome !== 'ALLOW' && label === 1).length
        expect(verdict?.quality.model.rows).toBe(used.length)
        expect(verdict?.quality.model.stopped.recall).toBe(
          caught / used.filter(({ label }) => label === 1).length,
        )
        expect(verdict?.decidedAsCanary).toBe(cases.filter(({ byModel }) => byModel).length)
        expect(verdict?.unscored).toBe(cases.filter(({ model }) => Number.isNaN(model.probability)).length)
      }),
    )
  })

  it('says that the sharper model is the better one, on the payments whose label is known', () => {
    const some = someAudits(3_000)
    const frauds = new Map(some.map(({ audit, fraud }) => [audit.payment.paymentId, fraud]))
    const { report, curves } = reportOf(
      some.map(({ audit }) => audit),
      ({ paymentId }) => (paymentId.endsWith('7') ? NaN : Number(frauds.get(paymentId))),
    )
    const [verdict] = report.challengers
    expect(report.labels.known).toBe(2_700)
    expect(verdict?.quality.model.averagePrecision).toBeGreaterThan(
      verdict?.quality.base.averagePrecision ?? NaN,
    )
    expect(verdict?.scores.psi).toBeGreaterThan(0.1)
    expect([...curves.keys()]).toEqual(['m/2'])
  })

  it('says nothing of detection without labels: not known, never 0', () => {
    const { report, curves } = reportOf(someAudits(50).map(({ audit }) => audit))
    expect(report.challengers[0]?.quality.base.averagePrecision).toBeNaN()
    expect(report.challengers[0]?.wouldHaveBlocked.labelled).toBe(0)
    expect(curves.size).toBe(0)
    expect(promotionPage(report, curves)).toContain('No labels of both kinds yet')
  })

  it('measures drift on the rows of the bundle of today alone', () => {
    const baseline = fitBaseline(
      Array.from({ length: 1_000 }, (_, at) => [at % 10]),
      ['a'],
      [0.1, 0.2],
    )
    const at = (value: number, hash: string) => {
      const audit = anAudit(`pay-${value}-${hash}`, 'm/1', { probability: 0.1, outcome: 'ALLOW' }, {}, [
        value,
      ])
      return { ...audit, decision: { ...audit.decision, bundleHash: hash } }
    }
    const ours = Array.from({ length: 1_000 }, (_, i) => at(i % 10, 'ab'))
    const others = Array.from({ length: 1_000 }, () => at(99, 'cd'))
    const { report } = reportOf([...ours, ...others], undefined, { ...bundle, baseline })
    expect(report.drift?.payments).toBe(1_000)
    expect(report.drift?.features.find(({ name }) => name === 'a')?.psi).toBeLessThan(0.01)
    expect(report.bundles).toEqual({ ab: 1_000, cd: 1_000 })
  })
})

describe('the page of the promotion report', () => {
  const some = someAudits(600)
  const frauds = new Map(some.map(({ audit, fraud }) => [audit.payment.paymentId, fraud]))
  const all = reportOf(
    some.map(({ audit }) => audit),
    ({ paymentId }) => Number(frauds.get(paymentId)),
  )
  const html = promotionPage(all.report, all.curves)
  /** What stands in the cells of the row that begins with a text. */
  const cellsOf = (begin: string): readonly string[] =>
    [
      ...(html.split('<tr>').find((row) => row.includes(`>${begin}<`)) ?? '').matchAll(/<td[^>]*>([^<]*)</g),
    ].map(([, cell]) => cell ?? '')

  it('says what the report says: agreement, differences, detection', () => {
    const [verdict] = all.report.challengers
    const { agreement = [], wouldHaveBlocked, quality } = verdict ?? {}
    outcomes.forEach((outcome, at) =>
      expect(cellsOf(outcome).slice(-3)).toEqual((agreement[at] ?? []).map(String)),
    )
    expect(cellsOf('would have blocked what was not blocked').slice(-4, -1)).toEqual(
      [wouldHaveBlocked?.count, wouldHaveBlocked?.labelled, wouldHaveBlocked?.frauds].map(String),
    )
    const recall = `${((quality?.model.stopped.recall ?? NaN) * 100).toFixed(2)} %`
    expect(html).toContain(`>${recall}<`)
  })

  it('says that there is no control group, and that drift is not known', () => {
    expect(all.report.controlGroup).toBeNull()
    expect(html).toContain('Control group: none')
    expect(html).toContain('Not known: its manifest has no baseline')
  })

  it.skipIf(!hasBrowser)('is whole in a real browser, with its plots', { timeout: 90_000 }, () => {
    const { dom, complaints } = loadPage(html)
    expect(complaints).toBe('')
    expect(dom).toContain('<title>Promotion report: m/2</title>')
    expect(dom.match(/<svg /g)).toHaveLength(4)
    expect(dom.match(/<\/section>/g)).toHaveLength(html.match(/<section>/g)?.length ?? NaN)
    expect(dom).not.toMatch(/>(NaN|undefined|null|Infinity)</)
  })
})
