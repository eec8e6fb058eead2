import { sheddable } from '../../src/domain/shedding.ts'
import { readTotal } from '../exposition.ts'

/** What a processor counted of its decisions since it began. */
export type Shed = {
  /** Flagged as decided after their deadline. */
  readonly late: number
  /** Payments that work was left out of, by work. */
  readonly leftOut: Readonly<Record<string, number>>
}

/** Of what `/metrics` answers. */
export const readShed = (metrics: string): Shed => ({
  late: readTotal(metrics, 'sluice_late_decisions_total'),
  leftOut: Object.fromEntries(
    sheddable.map((work) => [
      work,
      readTotal(
        metrics
          .split('\n')
          .filter((line) => line.includes(`work="${work}"`))
          .join('\n'),
        'sluice_shed_total',
      ),
    ]),
  ),
})
