// npm run fuzz: nearly valid messages to every topic, beside good payments.
import { startServers } from '../../test/support/servers.ts'
import { runMain } from '../runMain.ts'
import { fuzz } from './fuzz.kafka.ts'
import { help, parseOptions, type FuzzOptions } from './options.ts'

const say = (text: string): void => void process.stderr.write(`${text}\n`)

const run = async (options: FuzzOptions): Promise<number> => {
  say(`seed ${options.seed}`)
  const servers = await startServers()
  try {
    const result = await fuzz(servers, options, say)
    const { goodPerSecond, memoryMib, problems } = result
    const lines = [
      `${result.messages} messages, seed ${options.seed}: ${result.records} payments, ${result.answered} answered, ${result.deadLetters} dead letters`,
      `good payments: ${goodPerSecond.beside.toFixed(0)}/s beside them, ${goodPerSecond.alone.toFixed(0)}/s alone (${goodPerSecond.ratio.toFixed(2)})`,
      `memory: ${memoryMib.middle.toFixed(0)} MiB in the middle third, ${memoryMib.last.toFixed(0)} in the last`,
      ...problems.map((problem) => `PROBLEM: ${problem}`),
    ]
    process.stdout.write(options.json ? `${JSON.stringify(result)}\n` : `${lines.join('\n')}\n`)
    return problems.length === 0 ? 0 : 1
  } finally {
    await servers.close()
  }
}

await runMain({ help, parseOptions, run })
