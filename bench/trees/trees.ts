import { SluiceError } from '../../src/errors.ts'
import { openBackend } from '../../src/model/backend.ts'
import { engineFor, measuredRows, pinFor } from '../../src/model/measure.ts'
import type { BackendName } from '../../src/model/pin.ts'
import { createScorer } from '../../src/model/scorer.ts'
import { compareWith, renewed } from '../baseline.ts'
import type { Figure } from '../figures.ts'
import { describeMachine, readLoad } from '../machine.file.ts'
import { readBaseline, writeBaseline, writeResults } from '../results.file.ts'
import { median, spreadOf } from '../statistics.ts'
import { figureTable } from '../table.ts'
import { makeSavedModel } from './kerasModel.process.ts'
import { makeUp } from './madeUp.ts'
import type { Measured } from './measured.ts'
import type { TreesOptions } from './options.ts'

const say = (text: string): void => void process.stderr.write(`${text}\n`)
const baselineName = 'trees/baseline.json'
/** Issue 5: 300 trees of depth 6, and a SavedModel of Keras, each on the engine that is pinned, at 64 rows. */
const goalMicros = 2000
const failRatio = 1.5
const warmUpCalls = 50
/** A round of a slow engine ends after this long. */
const mostRoundMs = 2000

const medianMicros = (call: () => void, calls: number): number => {
  const micros: number[] = []
  const from = performance.now()
  do {
    const start = performance.now()
    call()
    micros.push((performance.now() - start) * 1000)
  } while (micros.length < calls && performance.now() - from < mostRoundMs)
  return median(micros)
}

const figuresOf = async (
  { name: what, model, rows }: Measured,
  name: BackendName,
  options: TreesOptions,
): Promise<readonly Figure[]> => {
  const backend = await openBackend(name)
  const index = new Map(model.manifest.features.map((feature, at) => [feature.name, at]))
  const pinned = { ...model, pin: pinFor(backend) }
  const scorer = await createScorer(pinned, index, () => Promise.resolve(backend))
  try {
    return measuredRows.map((count) => {
      const batch = rows.slice(0, count)
      const call = (): void => void scorer.score(batch)
      medianMicros(call, warmUpCalls)
      const rounds = Array.from({ length: options.rounds }, () => medianMicros(call, options.calls))
      return {
        name: `${what} on ${name}: a call of ${count} rows`,
        unit: 'us',
        ...spreadOf(rounds),
        better: 'lower',
        goal: name === engineFor(model.manifest.format) && count === 64 ? goalMicros : null,
        failRatio,
      }
    })
  } finally {
    scorer.dispose()
  }
}

const measure = async (options: TreesOptions): Promise<readonly Figure[]> => {
  const savedModel = options.keras ? await makeSavedModel(options.features) : null
  const figures: Figure[] = []
  for (const measured of [makeUp(options), ...(savedModel === null ? [] : [savedModel])])
    for (const name of options.engines)
      try {
        figures.push(...(await figuresOf(measured, name, options)))
      } catch (error) {
        if (!(error instanceof SluiceError && error.code === 'BACKEND_UNAVAILABLE')) throw error
        say(`${measured.name} on ${name} is left out: ${error.message}`)
      }
  return figures
}

/** Measures, compares and tells. Exit code 1 if something became much worse. */
export const treesBench = async (options: TreesOptions): Promise<number> => {
  const takenAt = new Date()
  const machine = describeMachine()
  const loadBefore = await readLoad()
  const figures = await measure(options)
  const baseline = await readBaseline(baselineName)
  const comparisons = baseline === null ? [] : compareWith(baseline, figures)
  const results = { bench: 'trees', takenAt, machine, loadBefore, options, figures, comparisons }
  const file = await writeResults(results, takenAt)
  if (options.updateBaseline) await writeBaseline(renewed(baseline, machine, figures), baselineName)
  process.stdout.write(
    options.json
      ? `${JSON.stringify(results)}\n`
      : `${figureTable(figures, comparisons)}\n${machine.cores} cores, ${machine.cpu}, ${machine.memoryGib} GiB, Node ${machine.node}; load before ${loadBefore}; all in ${file}\n`,
  )
  return comparisons.some(({ failed }) => failed) && !options.updateBaseline ? 1 : 0
}
