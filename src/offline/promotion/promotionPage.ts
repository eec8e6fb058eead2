import { outcomes } from '../../domain/outcome.ts'
import { type Cell, page, paragraph, plots, type Section, table } from '../report/page.ts'
import { calibrationPlot, precisionRecallPlot, rocPlot, scoreHistogram } from '../report/plots.ts'
import type { PromotionReport } from './promotionReport.ts'
import type { Curves, Difference, Quality, Verdict } from './verdict.ts'

const percent = (share: number): Cell => (Number.isNaN(share) ? null : `${(share * 100).toFixed(2)} %`)
const time = (at: number): string => (Number.isNaN(at) ? 'never' : new Date(at).toISOString())

const agreement = ({ base, model, agreement: rows, agreementShare }: Verdict): Section => ({
  title: 'Agreement',
  content: [
    paragraph(`The same outcome for ${String(percent(agreementShare) ?? 'no')} of the payments.`),
    table(
      [`${base} decides`, ...outcomes.map((outcome) => `${model}: ${outcome}`)],
      outcomes.map((outcome, at) => [outcome, ...(rows[at] ?? [])]),
    ),
  ],
})

const differenceRow = (name: string, { count, labelled, frauds }: Difference): readonly Cell[] => [
  name,
  count,
  labelled,
  frauds,
  percent(frauds / labelled),
]

const differences = (verdict: Verdict): Section => ({
  title: 'What would change',
  content: [
    table(
      ['', 'payments', 'with a label', 'of these fraud', 'share'],
      [
        differenceRow('would have blocked what was not blocked', verdict.wouldHaveBlocked),
        differenceRow('would have allowed what was stopped', verdict.wouldHaveLetThrough),
      ],
    ),
    paragraph(
      'A payment that was stopped hardly ever gets a label: the second line knows less than the first.',
    ),
  ],
})

const qualityRows = (name: string, { rows, frauds, ...quality }: Quality): readonly Cell[] => [
  name,
  rows,
  frauds,
  quality.averagePrecision,
  quality.areaUnderRoc,
  percent(quality.stopped.precision),
  percent(quality.stopped.recall),
  percent(quality.blocked.precision),
  percent(quality.blocked.recall),
]

const detection = (verdict: Verdict, curves: Curves | undefined): Section => {
  const { base, model, quality } = verdict
  const both =
    curves === undefined
      ? []
      : [
          { name: base, ...curves.base },
          { name: model, ...curves.model },
        ]
  const rankings = both.map(({ name, ranking }) => ({ name, value: ranking }))
  return {
    title: 'Detection, where feedback has arrived',
    content:
      curves === undefined
        ? [paragraph('No labels of both kinds yet, fraud and genuine: nothing can be said.')]
        : [
            table(
              [
                'model',
                'payments',
                'frauds',
                'average precision',
                'area under ROC',
                'precision, stopped',
                'recall, stopped',
                'precision, blocked',
                'recall, blocked',
              ],
              [qualityRows(base, quality.base), qualityRows(model, quality.model)],
            ),
            plots([
              rocPlot(rankings),
              precisionRecallPlot(rankings),
              calibrationPlot(both.map(({ name, calibration }) => ({ name, value: calibration }))),
            ]),
          ],
  }
}

const scores = ({ base, model, scores: { ends, base: ours, model: theirs, psi } }: Verdict): Section => ({
  title: 'Scores',
  content: [
    paragraph(`PSI of ${model} against ${base}: ${Number.isNaN(psi) ? 'not known' : psi.toFixed(3)}.`),
    plots([
      scoreHistogram({
        ends,
        series: [
          { name: base, heights: ours },
          { name: model, heights: theirs },
        ],
      }),
    ]),
  ],
})

const latency = ({ base, model, latencyMicros }: Verdict): Section => ({
  title: 'Latency',
  content: [
    table(
      ['microseconds a call', 'median', '99 %', 'largest'],
      [
        [base, latencyMicros.base.p50, latencyMicros.base.p99, latencyMicros.base.max],
        [model, latencyMicros.model.p50, latencyMicros.model.p99, latencyMicros.model.max],
      ],
    ),
    paragraph('Of the calls that the payments were in; in shadow, waiting for other work is a part of it.'),
  ],
})

const drift = ({ drift: measured }: PromotionReport): Section => ({
  title: 'Drift of the base from its training',
  content:
    measured === null
      ? [
          paragraph(
            'Not known: its manifest has no baseline, or none of the payments was decided by the bundle of today.',
          ),
        ]
      : [
          table(
            ['feature', 'PSI', 'not known', 'not known in training'],
            measured.features
              .toSorted((a, b) => (b.psi || 0) - (a.psi || 0))
              .map(({ name, psi, unknownShare, baselineUnknownShare }) => [
                name,
                psi,
                percent(unknownShare),
                percent(baselineUnknownShare),
              ]),
          ),
        ],
})

const named = (verdict: Verdict, sections: readonly Section[]): readonly Section[] =>
  sections.map(({ title, content }) => ({ title: `${verdict.model}: ${title}`, content }))

/** The report as a page that needs nothing else. */
export const promotionPage = (report: PromotionReport, curves: ReadonlyMap<string, Curves>): string =>
  page(
    `Promotion report: ${report.challengers.map(({ model }) => model).join(', ') || 'no challenger'}`,
    [
      `${report.payments} payments decided from ${time(report.from)} to ${time(report.to)}, compared with ${report.base}.`,
      `Labels as known at ${time(report.labels.asOf)}: ${report.labels.known}, of these ${report.labels.frauds} fraud.`,
      'Control group: none. The policy lets no payment through by chance, so what was stopped hardly ever gets a label, and recall counts the frauds that are known.',
    ],
    [
      ...report.challengers.flatMap((verdict) =>
        named(verdict, [
          agreement(verdict),
          differences(verdict),
          detection(verdict, curves.get(verdict.model)),
          scores(verdict),
          latency(verdict),
        ]),
      ),
      drift(report),
    ],
  )
