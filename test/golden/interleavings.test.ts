import { fileURLToPath } from 'node:url'
import fc, { type Scheduler } from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEngine, type Engine } from '../../src/compose/engine.ts'
import { createMemoryJournal } from '../../src/features/journal.memory.ts'
import { loadBundle } from '../../src/model/bundle.file.ts'
import { createDecisionCodec } from '../../src/stream/codec/decision.ts'
import { loadSchemas, ownSchemasFolder } from '../../src/stream/codec/schemas.file.ts'
import { verdictOf, type AnswerRecord, type Findings } from '../checker/verdict.ts'
import { runInstance, type Mode } from '../support/interleaving/instance.ts'
import {
  anyRecords,
  distinctRecords,
  rawRecords,
  sentRecords,
  type Made,
} from '../support/interleaving/records.ts'
import { createWorld, type World } from '../support/interleaving/world.ts'

const schemas = await loadSchemas(ownSchemasFolder)
const decisions = createDecisionCodec(schemas)
const startAt = Date.UTC(2026, 0, 15, 12)
const dayMs = 86_400_000
const never = new Promise<never>(() => undefined)
const numRuns = 300

let engine: Engine
beforeAll(async () => {
  const bundle = await loadBundle(fileURLToPath(new URL('../../models', import.meta.url)))
  engine = await createEngine(bundle, {
    retentionMs: 35 * dayMs,
    observeModelScore: () => undefined,
    monotonic: () => 0,
  })
})
afterAll(() => engine.dispose())

/** An instance that stops for ever at one of its waits, or goes through. */
const anyInstance = fc.record({
  stopsAt: fc.option(fc.nat(24), { nil: Infinity }),
  batchMax: fc.integer({ min: 1, max: 4 }),
  /** Calls that the journal does not answer. */
  unanswered: fc.array(fc.nat(5), { maxLength: 3 }),
})
type AnInstance = typeof anyInstance extends fc.Arbitrary<infer T> ? T : never

type Waits = (what: string) => Promise<unknown>

const run = (world: World, mode: Mode, own: AnInstance, wait: Waits, journalMayFail: boolean) => {
  let waits = 0
  return runInstance({
    world,
    engine,
    schemas,
    mode,
    batchMax: own.batchMax,
    step: async (what) => {
      await wait(what)
      if (waits++ >= own.stopsAt) await never
    },
    journalAnswers: (call) => !(journalMayFail && own.unanswered.includes(call)),
  })
}

/** Thousands of interleavings, on a machine that does other things too. */
const patienceMs = 240_000

const whole: AnInstance = { stopsAt: Infinity, batchMax: 2, unanswered: [] }
const atOnce: Waits = () => Promise.resolve()

const answersIn = (world: World): readonly AnswerRecord[] =>
  world.decisions.map(({ bytes, sourceOffset }, offset) => {
    const { paymentId, attempt, late, decidedAt, contentHash } = decisions.decode(bytes)
    return {
      partition: 0,
      offset,
      at: startAt,
      sourceOffset,
      paymentId,
      attempt,
      late,
      decidedAt,
      contentHash,
      bytes: bytes.toString('hex'),
    }
  })

const judge = (made: readonly Made[], world: World): Findings =>
  verdictOf(sentRecords(made, world.payments), answersIn(world), dayMs)

const nothingWrong = { missing: [], contradictory: [], unasked: [], disordered: [] }

/** Instances that all believe to own the partition, in whatever order their steps come; then one that goes through. */
const together = async (
  scheduler: Scheduler,
  mode: Mode,
  made: readonly Made[],
  instances: readonly AnInstance[],
  journalMayFail: boolean,
): Promise<Findings> => {
  const world = createWorld(rawRecords(made, schemas, startAt), startAt)
  const failures: unknown[] = []
  instances.forEach((own, i) => {
    const wait: Waits = (what) => scheduler.schedule(Promise.resolve(), `${i} ${what}`)
    run(world, mode, own, wait, journalMayFail).catch((error: unknown) => failures.push(error))
  })
  await scheduler.waitIdle()
  expect(failures).toEqual([])
  await run(world, mode, whole, atOnce, false)
  expect(world.committed.offset).toBe(made.length)
  return judge(made, world)
}

const owners = fc.array(anyInstance, { minLength: 2, maxLength: 3 })

describe('any interleaving of instances that believe to own a partition', () => {
  it(
    'at least once: each record is answered, each question with one answer, whoever stops wherever',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.scheduler(), anyRecords, owners, async (scheduler, made, instances) => {
          expect(await together(scheduler, 'at-least-once', made, instances, false)).toMatchObject(
            nothingWrong,
          )
        }),
        { numRuns },
      )
    },
    patienceMs,
  )

  it(
    'exactly once: besides no answer twice, also where the journal does not answer',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.scheduler(), distinctRecords, owners, async (scheduler, made, instances) => {
          expect(await together(scheduler, 'exactly-once', made, instances, true)).toMatchObject({
            ...nothingWrong,
            duplicates: 0,
          })
        }),
        { numRuns },
      )
    },
    patienceMs,
  )

  it(
    'exactly once, with ids that come again, while the journal answers',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.scheduler(), anyRecords, owners, async (scheduler, made, instances) => {
          expect(await together(scheduler, 'exactly-once', made, instances, false)).toMatchObject({
            ...nothingWrong,
            duplicates: 0,
          })
        }),
        { numRuns },
      )
    },
    patienceMs,
  )
})

describe('one instance after the other, each killed somewhere', () => {
  it(
    'at least once: one answer, although the journal is lost each time, or does not answer',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.scheduler(), distinctRecords, owners, async (scheduler, made, instances) => {
          const world = createWorld(rawRecords(made, schemas, startAt), startAt)
          for (const own of [...instances, whole]) {
            world.journal = createMemoryJournal({ now: world.now })
            void run(world, 'at-least-once', own, (what) => scheduler.schedule(Promise.resolve(), what), true)
            await scheduler.waitIdle()
          }
          expect(world.committed.offset).toBe(made.length)
          expect(judge(made, world)).toMatchObject(nothingWrong)
        }),
        // Some faults take two deaths at chosen places.
        { numRuns: 5 * numRuns },
      )
    },
    patienceMs,
  )
})
