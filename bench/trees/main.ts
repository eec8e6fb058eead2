// npm run bench:trees: what a call to an ensemble of trees costs on each engine.
import { runMain } from '../runMain.ts'
import { help, parseOptions } from './options.ts'
import { treesBench } from './trees.ts'

await runMain({ help, parseOptions, run: treesBench })
