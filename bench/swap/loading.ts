// npm run bench:loading: for how long payments would wait while a bundle is made ready, by where that happens, and what
// it costs to score in another thread. The figures of docs/adr/0015.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { policyDeps } from '../../src/compose/policyDeps.ts'
import { readBundleAside } from '../../src/compose/readAside.thread.ts'
import { readBundle, type ReadBundle } from '../../src/compose/readBundle.ts'
import { rowNames } from '../../src/compose/rowNames.ts'
import { compilePolicySpec } from '../../src/decision/policy.ts'
import { compileFeatures } from '../../src/features/plan.ts'
import { openBackend, openPinned } from '../../src/model/backend.ts'
import { pinFor } from '../../src/model/measure.ts'
import { createScorer, type Scorer } from '../../src/model/scorer.ts'
import { createScorerAside } from '../../src/model/scorerAside.thread.ts'
import { signedOnly } from '../../src/model/trust.ts'
import { describeMachine, readLoad } from '../machine.file.ts'
import { makeUp } from '../trees/madeUp.ts'
import { median } from '../statistics.ts'

const rounds = 21
const calls = 2_000
const order = {
  modelsDir: fileURLToPath(new URL('../../models', import.meta.url)),
  trust: signedOnly,
  retentionMs: 40 * 86_400_000,
}
const now = (): number => performance.now()

/** The longest time, ms, for which nothing else had a turn while `work` went on. */
const longestTurn = async (work: () => Promise<unknown>): Promise<number> => {
  let longest = 0
  let working = true
  let last = now()
  const beside = async (): Promise<void> => {
    while (working) {
      await nextTurn()
      longest = Math.max(longest, now() - last)
      last = now()
    }
  }
  const besides = beside()
  await nextTurn()
  await work()
  working = false
  await besides
  return longest
}

const inSixDigits = (value: number): string => value.toFixed(2).padStart(9)

/** First, median and most of the longest turns. */
const turns = async (name: string, work: () => Promise<unknown>): Promise<void> => {
  const longest: number[] = []
  for (let round = 0; round < rounds; round++) longest.push(await longestTurn(work))
  const figures = [longest[0] ?? NaN, median(longest), Math.max(...longest)].map(inSixDigits).join(' ')
  process.stdout.write(`${name.padEnd(52)} ${figures} ms\n`)
}

const callsOf = (name: string, scorer: Scorer, width: number): void => {
  for (const count of [1, 8, 64]) {
    const rows = Array.from({ length: count }, (_, row) =>
      Float64Array.from({ length: width }, (_, i) => (row + i) % 7),
    )
    const micros = Array.from({ length: calls }, () => {
      const from = now()
      scorer.score(rows)
      return (now() - from) * 1_000
    }).slice(calls / 2)
    const p99 = micros.toSorted((a, b) => a - b)[Math.floor(micros.length * 0.99)] ?? NaN
    process.stdout.write(
      `${`${name}, ${count} rows`.padEnd(52)} ${inSixDigits(median(micros))} us, p99 ${p99.toFixed(0)}\n`,
    )
  }
}

const dispose = async (opening: Promise<Scorer>): Promise<void> => (await opening).dispose()

const { bundle, policy }: ReadBundle = await readBundle(order)
const names = rowNames(bundle, compilePolicySpec(policy, policyDeps).features)
const index = new Map(names.map((name, at) => [name, at]))
const here = await createScorer(bundle.champion, index)
const aside = await createScorerAside(bundle.champion, index)

process.stdout.write(`longest turn that payments would wait for: first, median, most of ${rounds}\n`)
await turns('read and check the bundle in this thread', () => readBundle(order))
await turns('read and check it in a thread of its own', () => readBundleAside(order))
await turns('compile what was read: policy and features', async () => {
  compilePolicySpec(policy, policyDeps)
  compileFeatures(names, order)
  await nextTurn()
})
await turns('load, check and warm the model in one go', () => dispose(createScorer(bundle.champion, index)))
await turns('the same in pieces', () => dispose(createScorer(bundle.champion, index, openPinned, nextTurn)))
await turns('the same in a thread of its own', () => dispose(createScorerAside(bundle.champion, index)))
const trees = makeUp({ trees: 300, treeDepth: 6, features: 30 })
const treesIndex = new Map(trees.model.manifest.features.map(({ name }, at) => [name, at]))
const pinnedTrees = { ...trees.model, pin: pinFor(await openBackend('trees')) }
await turns('300 trees of depth 6 in pieces', () =>
  dispose(createScorer(pinnedTrees, treesIndex, openPinned, nextTurn)),
)
process.stdout.write('one call of the model\n')
callsOf('in this thread', here, names.length)
callsOf('in a thread of its own', aside, names.length)
const { cores, cpu, node } = describeMachine()
process.stdout.write(`${cores} cores, ${cpu}, Node ${node}, load ${await readLoad()}\n`)
for (const scorer of [here, aside]) scorer.dispose()
