import { rank } from '../metrics/ranking.ts'
import { calibrationBins, evenEnds, histogramOf } from '../report/curves.ts'
import { element } from '../report/markup.ts'
import { type Cell, page, plots, table } from '../report/page.ts'
import { calibrationPlot, precisionRecallPlot, rocPlot, scoreHistogram } from '../report/plots.ts'
import type { Trained } from './train.ts'
import type { Searched } from './trainGrid.process.ts'

const bins = 20

const ofKind = ({ probabilities, labels }: Trained['held'], kind: 0 | 1): Float64Array =>
  probabilities.filter((_, at) => labels[at] === kind)

const drawings = (held: Trained['held']) => {
  const { probabilities, labels } = held
  const named = <T>(value: T) => [{ name: 'validation', value }]
  const ranking = rank(probabilities, labels)
  const ends = evenEnds(0, 1, bins)
  return plots([
    rocPlot(named(ranking)),
    precisionRecallPlot(named(ranking)),
    calibrationPlot(named(calibrationBins(probabilities, labels))),
    scoreHistogram({
      ends,
      series: [
        { name: 'good', heights: histogramOf(ofKind(held, 0), ends) },
        { name: 'fraud', heights: histogramOf(ofKind(held, 1), ends) },
      ],
    }),
  ])
}

const entries = (record: object): readonly (readonly Cell[])[] =>
  Object.entries(record).map(([name, value]): readonly Cell[] => [
    name,
    typeof value === 'number' || typeof value === 'string' ? value : JSON.stringify(value),
  ])

/** What `sluice train` came to, as one page: on the validation part, which the measured network was not fitted to. */
export const trainingReport = ({ manifest, held }: Trained, tried: Searched['tried']): string =>
  page(
    `Training of ${manifest.id}/${manifest.version}`,
    [
      ...(manifest.description === undefined ? [] : [manifest.description]),
      `Everything below is of ${held.labels.length} later payments that the network was not fitted to.`,
    ],
    [
      { title: 'Curves', content: [drawings(held)] },
      { title: 'Measures', content: [table(['measure', 'value'], entries(manifest.metrics))] },
      {
        title: 'Thresholds',
        content: [
          table(
            ['from probability', 'of good payments stopped', 'of frauds stopped', 'chosen for'],
            manifest.thresholds.map(({ probability, goodStoppedShare, recall, chosenFor }) => [
              probability,
              goodStoppedShare,
              recall,
              chosenFor ?? `at most ${goodStoppedShare * 100} % of good payments`,
            ]),
          ),
        ],
      },
      ...(tried.length === 0
        ? []
        : [
            {
              title: 'What was tried',
              content: [
                table(
                  ['changes', 'average precision', 'epochs'],
                  tried.map(({ changes, averagePrecision, epochs }) => [
                    JSON.stringify(changes),
                    averagePrecision,
                    epochs,
                  ]),
                ),
              ],
            },
          ]),
      { title: 'Data', content: [table(['of the training', 'value'], entries(manifest.training))] },
      {
        title: 'Features',
        content: [element('p', {}, manifest.features.map(({ name }) => name).join(', '))],
      },
    ],
  )
