// npm run bench:velocity: Sluice's histories beside sorted sets and hash buckets, on the same payments.
import { help, parseOptions } from './options.ts'
import { runMain } from '../runMain.ts'
import { velocityBench } from './velocity.ts'

await runMain({ help, parseOptions, run: velocityBench })
