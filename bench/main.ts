// npm run bench: what Sluice costs and how long it takes, beside a bare relay on the same machine.
import { bench } from './bench.ts'
import { help, parseOptions } from './options.ts'
import { runMain } from './runMain.ts'

await runMain({ help, parseOptions, run: bench })
