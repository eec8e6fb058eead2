import { compareWith, renewed } from '../baseline.ts'
import { describeMachine, readLoad } from '../machine.file.ts'
import { connectBench, startOwnRedis } from '../ownRedis.redis.ts'
import { readBaseline, writeBaseline, writeResults } from '../results.file.ts'
import { figureTable } from '../table.ts'
import { entities, windows } from './contestant.ts'
import { contestantNames } from './contestants.ts'
import { velocityFigures } from './figures.ts'
import type { Line } from './line.ts'
import { lineTable } from './lineTable.ts'
import type { VelocityOptions } from './options.ts'
import { runSize, type Connections } from './size.redis.ts'

const say = (text: string): void => void process.stderr.write(`${text}\n`)
const baselineName = 'velocity/baseline.json'

/** A database for each contestant: what one keeps is never in another's tables. */
const connectAll = async (url: string): Promise<Connections> =>
  new Map(
    await Promise.all(
      contestantNames.map(async (name, db) => [name, await connectBench(`${url}/${db}`, name)] as const),
    ),
  )

const measure = async (options: VelocityOptions): Promise<readonly Line[]> => {
  const servers = await startOwnRedis()
  const lines: Line[] = []
  try {
    const connections = await connectAll(servers.redisUrl)
    for (const records of options.sizes) {
      const onBatchSize = (batchSize: number): void =>
        say(`entities of ${records.toLocaleString('en')} records, batches of ${batchSize}`)
      lines.push(...(await runSize(connections, records, options, onBatchSize)))
    }
    for (const redis of connections.values()) redis.disconnect()
  } finally {
    await servers.close()
  }
  return lines
}

/** Measures all sizes, prints the medians and keeps every round in a file. Exit code 1 if a ratio became much worse. */
export const velocityBench = async (options: VelocityOptions): Promise<number> => {
  const takenAt = new Date()
  const machine = describeMachine()
  const loadBefore = await readLoad()
  const lines = await measure(options)
  const figures = velocityFigures(lines)
  const baseline = await readBaseline(baselineName)
  const comparisons = baseline === null ? [] : compareWith(baseline, figures)
  const results = {
    bench: 'velocity',
    takenAt,
    machine,
    loadBefore,
    seconds: Math.round((Date.now() - takenAt.getTime()) / 1_000),
    options,
    entities,
    windows,
    lines,
    figures,
    comparisons,
  }
  const file = await writeResults(results, takenAt)
  if (options.updateBaseline) await writeBaseline(renewed(baseline, machine, figures), baselineName)
  process.stdout.write(
    options.json
      ? `${JSON.stringify(results)}\n`
      : [
          lineTable(lines),
          figureTable(figures, comparisons),
          `${machine.cores} cores, ${machine.cpu}, ${machine.memoryGib} GiB, Node ${machine.node}; load before ${loadBefore}; ${results.seconds} s; all in ${file}\n`,
        ].join('\n'),
  )
  return comparisons.some(({ failed }) => failed) && !options.updateBaseline ? 1 : 0
}
