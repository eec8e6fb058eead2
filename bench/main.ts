// npm run bench: what Sluice costs and how long it takes, beside a bare relay on the same machine.
import { describeError } from '../src/dispatch.ts'
import { SluiceError } from '../src/errors.ts'
import { bench } from './bench.ts'
import { help, parseOptions } from './options.ts'

const run = async (): Promise<number> => {
  const options = parseOptions(process.argv.slice(2))
  if (options !== null) return bench(options)
  process.stdout.write(help)
  return 0
}

const exitCodeOf = (error: unknown): number =>
  error instanceof SluiceError && error.code === 'USAGE' ? 2 : 1

// A program that is still measured when something went wrong would keep this one alive: an explicit end.
process.exit(
  await run().catch((error: unknown) => {
    process.stderr.write(describeError(error))
    return exitCodeOf(error)
  }),
)
