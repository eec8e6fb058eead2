import { compareWith, renewed } from './baseline.ts'
import { drainFigures, latencyFigures, type PairsAtRate } from './figures.ts'
import type { LatencyRun } from './latency.ts'
import { describeMachine, readLoad } from './machine.file.ts'
import type { BenchOptions } from './options.ts'
import type { Pair } from './pairs.ts'
import { printProfile } from './profiles.file.ts'
import { readBaseline, writeBaseline, writeResults } from './results.file.ts'
import { runDrain, type Drained } from './runDrain.ts'
import { runPair } from './runLatency.ts'
import { openSetting, type Setting } from './setting.ts'
import { figureTable, latencyTable, ownPartBuckets } from './table.ts'

/** Share of a backlog that only warms up: code is compiled, copies of histories are read. */
const warmUpShare = 0.2

const say = (text: string): void => void process.stderr.write(`${text}\n`)

const drains = async (setting: Setting, options: BenchOptions): Promise<readonly Drained[]> => {
  const runs: Drained[] = []
  for (let run = 1; run <= options.drains; run++) {
    const { backlog, profileFolder } = options
    const drained = await runDrain(setting, { backlog, warmUpShare, profileFolder })
    say(
      `drain ${run} of ${options.drains}: ${Math.round(drained.paymentsPerSecond).toLocaleString('en')} payments/s`,
    )
    if (profileFolder !== undefined) say(await printProfile(profileFolder, drained))
    runs.push(drained)
  }
  return runs
}

/** A decision that never came is worse than any latency. */
const refuseLosses = ({ relay, sluice }: Pair<LatencyRun>): void => {
  for (const [name, run] of Object.entries({ relay, sluice }))
    if (run.missing > 0 || run.unexpected > 0)
      throw new Error(
        `${name}: ${run.missing} payments without an answer, ${run.unexpected} answers too many`,
      )
}

const pairsAt = async (setting: Setting, options: BenchOptions, perSecond: number): Promise<PairsAtRate> => {
  const pairs: Pair<LatencyRun>[] = []
  const { seconds, warmUpSeconds } = options
  for (let pair = 0; pair < options.pairs; pair++) {
    const run = await runPair(setting, { perSecond, seconds, warmUpSeconds, pair })
    refuseLosses(run)
    const p99 = ({ endToEndMs }: LatencyRun): string => endToEndMs.p99.toFixed(1)
    say(
      `${perSecond}/s, pair ${pair + 1} of ${options.pairs}: p99 ${p99(run.sluice)} ms, relay ${p99(run.relay)} ms`,
    )
    pairs.push(run)
  }
  return { perSecond, pairs }
}

/** Measures what is asked for, compares it and tells of it. Gives the exit code: 1 if something became much worse. */
export const bench = async (options: BenchOptions): Promise<number> => {
  const takenAt = new Date()
  const machine = describeMachine()
  const loadBefore = await readLoad()
  const setting = await openSetting({ accounts: options.accounts, historyDays: options.historyDays, say })
  const runs: Drained[] = []
  const latency: PairsAtRate[] = []
  try {
    if (options.drain) runs.push(...(await drains(setting, options)))
    if (options.latency) for (const rate of options.rates) latency.push(await pairsAt(setting, options, rate))
  } finally {
    await setting.close()
  }

  const figures = [...(options.drain ? drainFigures(runs) : []), ...latency.flatMap(latencyFigures)]
  const baseline = await readBaseline()
  const comparisons = baseline === null ? [] : compareWith(baseline, figures)
  const results = { takenAt, machine, loadBefore, options, figures, comparisons, drain: runs, latency }
  const file = await writeResults(results, takenAt)
  if (options.updateBaseline) await writeBaseline(renewed(baseline, machine, figures))

  if (options.json) process.stdout.write(`${JSON.stringify(results)}\n`)
  else
    process.stdout.write(
      [
        ...latency.map(latencyTable),
        ...(latency.length === 0 ? [] : [`* of micro-batches\n${latency.map(ownPartBuckets).join('')}`]),
        figureTable(figures, comparisons),
        `${machine.cores} cores, ${machine.cpu}, ${machine.memoryGib} GiB, Node ${machine.node}; load before ${loadBefore}; all in ${file}\n`,
      ].join('\n'),
    )
  return comparisons.some(({ failed }) => failed) && !options.updateBaseline ? 1 : 0
}
