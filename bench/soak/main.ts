// npm run soak: whether bytes in Redis and in the process level off while the same entities pay for months.
import { describeMachine, readLoad } from '../machine.file.ts'
import { connectBench, startOwnRedis } from '../ownRedis.redis.ts'
import { writeResults } from '../results.file.ts'
import { runMain } from '../runMain.ts'
import { help, parseOptions, type SoakOptions } from './options.ts'
import { soakTable } from './report.ts'
import { allLevel, judge, type Sample } from './sample.ts'
import { soak } from './soak.redis.ts'

const say = (text: string): void => void process.stderr.write(text)

const runSoak = async (options: SoakOptions): Promise<number> => {
  const takenAt = new Date()
  const loadBefore = await readLoad()
  const servers = await startOwnRedis()
  try {
    const redis = await connectBench(servers.redisUrl, 'soak')
    const onSample = ({ day, payments }: Sample): void =>
      say(`day ${day} of ${options.days}, ${payments.toLocaleString('en')} payments
`)
    const { gc } = globalThis
    const collect =
      gc === undefined
        ? undefined
        : (): void => {
            gc()
          }
    const samples = await soak({ redis, options, collect, onSample })
    redis.disconnect()
    const verdicts = judge(samples, options.days, options.tolerance)
    const isLevel = allLevel(verdicts)
    const results = {
      bench: 'soak',
      takenAt,
      machine: describeMachine(),
      loadBefore,
      options,
      samples,
      verdicts,
      isLevel,
    }
    const file = await writeResults(results, takenAt)
    process.stdout.write(
      options.json ? `${JSON.stringify(results)}\n` : `${soakTable(samples, verdicts)}\nall in ${file}\n`,
    )
    return isLevel ? 0 : 1
  } finally {
    await servers.close()
  }
}

await runMain({ help, parseOptions, run: runSoak })
