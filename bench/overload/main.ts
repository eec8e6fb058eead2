// npm run bench:overload: more payments than are decided, then fewer; what was lost, what was left out, and how long it took.
import { runMain } from '../runMain.ts'
import { help, parseOptions } from './options.ts'
import { overload } from './overload.ts'

await runMain({ help, parseOptions, run: overload })
