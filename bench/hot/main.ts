// npm run bench:hot: what the others notice of a hot card and of a merchant that receives half of all payments.
import { describeError } from '../../src/dispatch.ts'
import { SluiceError } from '../../src/errors.ts'
import { hotBench } from './hot.ts'
import { help, parseOptions } from './options.ts'

const run = async (): Promise<number> => {
  const options = parseOptions(process.argv.slice(2))
  if (options !== null) return hotBench(options)
  process.stdout.write(help)
  return 0
}

process.exit(
  await run().catch((error: unknown) => {
    process.stderr.write(describeError(error))
    return error instanceof SluiceError && error.code === 'USAGE' ? 2 : 1
  }),
)
