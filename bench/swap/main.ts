// npm run bench:swap: whether swapping bundles loses, stalls or spoils payments, and what it costs.
import { describeMachine, readLoad } from '../machine.file.ts'
import { writeResults } from '../results.file.ts'
import { runMain } from '../runMain.ts'
import { openSetting } from '../setting.ts'
import { median } from '../statistics.ts'
import { auditTopic, type Audited } from './audited.kafka.ts'
import { openSwapModels } from './models.file.ts'
import { help, parseOptions, type SwapBenchOptions } from './options.ts'
import { runOnce, type SwapRun } from './run.ts'

const mostRatio = 1.5

const say = (text: string): void => void process.stderr.write(`${text}\n`)

const times = (values: readonly number[]): string => values.map((value) => value.toFixed(2)).join(' ')

const problemsOf = (still: SwapRun, swapped: SwapRun, audited: Audited, ratio: number): readonly string[] => [
  ...[still, swapped].flatMap(({ missing, unexpected }) =>
    missing + unexpected > 0 ? [`${missing} payments without an answer, ${unexpected} answers too many`] : [],
  ),
  ...(audited.unsound > 0 ? [`${audited.unsound} payments decided by a bundle that is not sound`] : []),
  ...(audited.otherwise > 0 ? [`${audited.otherwise} probabilities that the model does not give`] : []),
  ...swapped.offered
    .filter(({ expected, found }) => expected !== found)
    .map(
      ({ second, what, expected, found }) =>
        `second ${second}, ${what}: expected ${expected}, found ${found}`,
    ),
  ...(ratio > mostRatio ? [`the p99 is ${ratio.toFixed(2)} times that without swaps`] : []),
]

const runSwaps = async (options: SwapBenchOptions): Promise<number> => {
  const takenAt = new Date()
  const loadBefore = await readLoad()
  const models = await openSwapModels()
  const setting = await openSetting({ accounts: options.accounts, historyDays: options.historyDays, say })
  try {
    const still = await runOnce(setting, models, options, false)
    say(`without swaps: p99 of the own part ${times(still.p99Ms)} ms`)
    const swapped = await runOnce(setting, models, options, true)
    say(`with swaps: ${times(swapped.p99Ms)} ms; each answer is computed again`)
    const all = still.payments + swapped.payments
    const audited = await auditTopic(setting.kafka, setting.topics.audit, all, models.sound)
    const ratio = median(swapped.p99Ms) / median(still.p99Ms)
    const problems = problemsOf(still, swapped, audited, ratio)
    const results = {
      bench: 'swap',
      takenAt,
      machine: describeMachine(),
      loadBefore,
      options,
      still,
      swapped,
      audited,
      ratio,
      problems,
    }
    const file = await writeResults(results, takenAt)
    const lines = [
      ...swapped.offered.map(
        ({ second, what, found }) => `${String(second).padStart(4)} s  ${found.padEnd(20)} ${what}`,
      ),
      `own part, p99 of each window: without swaps ${times(still.p99Ms)}, with ${times(swapped.p99Ms)} ms; medians ${ratio.toFixed(2)} to 1`,
      `own part, p99.9: without swaps ${times(still.p999Ms)}, with ${times(swapped.p999Ms)} ms`,
      `${audited.decisions} decisions computed again: ${audited.unsound} by a bundle that is not sound, ${audited.otherwise} with another probability`,
      ...problems.map((problem) => `PROBLEM: ${problem}`),
      `all in ${file}`,
    ]
    process.stdout.write(options.json ? `${JSON.stringify(results)}\n` : `${lines.join('\n')}\n`)
    return problems.length > 0 ? 1 : 0
  } finally {
    await setting.close()
    await models.remove()
  }
}

await runMain({ help, parseOptions, run: runSwaps })
