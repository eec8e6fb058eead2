import { compareWith, renewed } from '../baseline.ts'
import { describeMachine, readLoad } from '../machine.file.ts'
import { connectBench, startOwnRedis } from '../ownRedis.redis.ts'
import { readBaseline, writeBaseline, writeResults } from '../results.file.ts'
import { figureTable } from '../table.ts'
import { hotFigures, type HotPair } from './figures.ts'
import type { HotOptions, ScenarioName } from './options.ts'
import { pairTable } from './pairTable.ts'
import { runHot, type HotRunDeps } from './run.redis.ts'
import type { Side } from './traffic.ts'

const say = (text: string): void => void process.stderr.write(`${text}\n`)
const baselineName = 'hot/baseline.json'

/** Who is first changes from pair to pair. */
const sidesOf = (pair: number): readonly [Side, Side] =>
  pair % 2 === 0 ? ['without', 'with'] : ['with', 'without']

const runPair = async (deps: HotRunDeps, scenario: ScenarioName, pair: number): Promise<HotPair> => {
  const [first, second] = sidesOf(pair)
  const [one, other] = [await runHot(deps, scenario, first), await runHot(deps, scenario, second)]
  return first === 'with' ? { scenario, with: one, without: other } : { scenario, with: other, without: one }
}

const measure = async (options: HotOptions): Promise<readonly HotPair[]> => {
  const servers = await startOwnRedis()
  const pairs: HotPair[] = []
  try {
    const redis = await connectBench(servers.redisUrl, 'hot')
    const observer = await connectBench(servers.redisUrl, 'observer')
    for (const scenario of options.scenarios)
      for (let pair = 0; pair < options.pairs; pair++) {
        pairs.push(await runPair({ redis, observer, options }, scenario, pair))
        say(`${scenario}, pair ${pair + 1} of ${options.pairs}`)
      }
    redis.disconnect()
    observer.disconnect()
  } finally {
    await servers.close()
  }
  return pairs
}

/** Measures, compares and tells. Exit code 1 if something became much worse. */
export const hotBench = async (options: HotOptions): Promise<number> => {
  const takenAt = new Date()
  const machine = describeMachine()
  const loadBefore = await readLoad()
  const pairs = await measure(options)
  const figures = hotFigures(pairs)
  const baseline = await readBaseline(baselineName)
  const comparisons = baseline === null ? [] : compareWith(baseline, figures)
  const results = { bench: 'hot', takenAt, machine, loadBefore, options, pairs, figures, comparisons }
  const file = await writeResults(results, takenAt)
  if (options.updateBaseline) await writeBaseline(renewed(baseline, machine, figures), baselineName)
  process.stdout.write(
    options.json
      ? `${JSON.stringify(results)}\n`
      : [
          pairTable(pairs),
          figureTable(figures, comparisons),
          `${machine.cores} cores, ${machine.cpu}, ${machine.memoryGib} GiB, Node ${machine.node}; load before ${loadBefore}; all in ${file}\n`,
        ].join('\n'),
  )
  return comparisons.some(({ failed }) => failed) && !options.updateBaseline ? 1 : 0
}
