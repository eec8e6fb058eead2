// npm run bench: what Sluice costs and how long it takes, beside a bare relay on the same machine.
import { describeError } from '../src/dispatch.ts'
import { SluiceError } from '../src/errors.ts'
import { bench } from './bench.ts'
import { help, parseOptions } from './options.ts'

try {
  const options = parseOptions(process.argv.slice(2))
  if (options === null) process.stdout.write(help)
  else process.exitCode = await bench(options)
} catch (error) {
  process.stderr.write(describeError(error))
  process.exitCode = error instanceof SluiceError && error.code === 'USAGE' ? 2 : 1
}
