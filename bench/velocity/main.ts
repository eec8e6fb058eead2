// npm run bench:velocity: Sluice's histories beside sorted sets and hash buckets, on the same payments.
import { describeError } from '../../src/dispatch.ts'
import { SluiceError } from '../../src/errors.ts'
import { help, parseOptions } from './options.ts'
import { velocityBench } from './velocity.ts'

const run = async (): Promise<number> => {
  const options = parseOptions(process.argv.slice(2))
  if (options !== null) return velocityBench(options)
  process.stdout.write(help)
  return 0
}

// A Redis that is still busy when something went wrong would keep this one alive: an explicit end.
process.exit(
  await run().catch((error: unknown) => {
    process.stderr.write(describeError(error))
    return error instanceof SluiceError && error.code === 'USAGE' ? 2 : 1
  }),
)
