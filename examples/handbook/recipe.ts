// npm run --silent handbook: trains on one week of payments and scores the week that begins fourteen days after it.
import { parseArgs } from 'node:util'
import { fileURLToPath } from 'node:url'
import { required } from '../../src/commands/options.ts'
import { createProgress } from '../../src/commands/progress.ts'
import { describeError, exitCodeOf } from '../../src/dispatch.ts'
import { SluiceError } from '../../src/errors.ts'
import type { ModelMaker } from './recipe/modelMaker.ts'
import { networkMaker } from './recipe/network.file.ts'
import { cook } from './recipe/recipe.file.ts'
import { treesMaker } from './recipe/trees.process.ts'

const help = `Usage: npm run --silent handbook -- --payments FILE --feedback FILE --fold DAY --model NAME --out DIR

Replays the features, trains on the seven days from DAY with what was known fourteen days after it, and scores the
seven days that begin then. Writes DIR/model, an artifact, and DIR/scores.csv: paymentId, score.

  --payments FILE   payments in time order, as sluice replay takes them; read up to the end of the scored days
  --feedback FILE   feedback, as sluice replay takes it
  --fold DAY        YYYY-MM-DD, the first day of training, in UTC
  --model NAME      network (TF.js alone) or trees (XGBoost, fitted by python3 and imported)
  --out DIR         made if it is not there
  --spec FILE       instead of recipe/network.yaml or recipe/trees.json
  --json            print the result as JSON
`

const options = {
  payments: { type: 'string' },
  feedback: { type: 'string' },
  fold: { type: 'string' },
  model: { type: 'string' },
  out: { type: 'string' },
  spec: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

const here = (file: string): string => fileURLToPath(new URL(`recipe/${file}`, import.meta.url))

type Given = { readonly spec?: string }

const makers: Readonly<Record<string, (given: Given) => Promise<ModelMaker>>> = {
  network: ({ spec }) => networkMaker(spec ?? here('network.yaml')),
  trees: ({ spec }) => treesMaker(spec ?? here('trees.json')),
}

const run = async (args: readonly string[]): Promise<number> => {
  const { values } = parseArgs({ args: [...args], options })
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  const model = required(values.model, '--model')
  const makerOf = Object.hasOwn(makers, model) ? makers[model] : undefined
  if (makerOf === undefined)
    throw new SluiceError('USAGE', `--model: expected ${Object.keys(makers).join(' or ')}, got ${model}`)
  const day = required(values.fold, '--fold')
  const progress = createProgress('payments replayed')
  const cooked = await cook({
    payments: required(values.payments, '--payments'),
    feedback: required(values.feedback, '--feedback'),
    day,
    maker: await makerOf(values),
    out: required(values.out, '--out'),
    onPayments: progress.at,
    tell: (line) => {
      progress.end()
      process.stderr.write(`${line}\n`)
    },
  })
  process.stdout.write(
    values.json
      ? `${JSON.stringify(cooked)}\n`
      : `${cooked.trainingRows} payments learned from, ${cooked.trainingFrauds} of them fraud; ` +
          `${cooked.testRows} scored: ${cooked.scores}\n`,
  )
  return 0
}

process.exitCode = await run(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(describeError(error))
  return exitCodeOf(error)
})
