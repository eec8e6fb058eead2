// npm run bench:hot: what the others notice of a hot card and of a merchant that receives half of all payments.
import { hotBench } from './hot.ts'
import { help, parseOptions } from './options.ts'
import { runMain } from '../runMain.ts'

await runMain({ help, parseOptions, run: hotBench })
