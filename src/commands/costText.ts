import type { CostReport } from '../offline/cost/cost.ts'
import { table } from './layout.ts'

const count = (value: number): string => Math.round(value).toLocaleString('en')
const micros = (value: number): string => value.toFixed(2)

const sourceText = (source: CostReport['source']): string =>
  source.kind === 'simulated'
    ? `${source.days} days of ${count(source.accounts)} simulated accounts`
    : `${count(source.records)} payments of each entity of ${count(source.payers)} payers`

/** What a person reads. */
export const costText = (report: CostReport, store: string): string => {
  const byCost = report.features.toSorted((a, b) => b.aloneMicros - a.aloneMicros)
  return [
    `${report.features.length} features on ${sourceText(report.source)}, in ${store}\n`,
    `medians of ${report.rounds} rounds over ${count(report.payments)} payments\n\n`,
    table([
      ['microseconds a payment', ''],
      ['  the whole set', micros(report.setMicros)],
      ['  remembering and recalling it', micros(report.rememberMicros)],
    ]),
    '\n',
    table([
      ['measure', 'features', 'microseconds'],
      ...report.measures.map((each) => [each.measure, count(each.features), micros(each.micros)]),
    ]),
    '\n',
    table([
      ['feature', 'alone', 'added to the others'],
      ...byCost.map((each) => [each.name, micros(each.aloneMicros), micros(each.addedMicros)]),
    ]),
    '\n',
    table([
      ['bytes an entity', 'entities', 'log', 'longest log', 'in Redis', 'copy of an instance'],
      ...report.entities.map((each) => [
        `  ${each.entity}`,
        count(each.entities),
        count(each.logBytes),
        count(each.mostLogBytes),
        each.redisBytes === null ? '-' : count(each.redisBytes),
        count(each.copyBytes),
      ]),
    ]),
  ].join('')
}
