// npm run chaos: one fault after the other while payments come; what is wrong afterwards, and how long each recovery took.
import { runMain } from '../runMain.ts'
import { chaos } from './chaos.ts'
import { help, parseOptions } from './options.ts'

await runMain({ help, parseOptions, run: chaos })
