import type { Engine } from '../../../src/compose/engine.ts'
import { composeStages } from '../../../src/compose/stages.ts'
import type { Journal } from '../../../src/domain/journal.ts'
import { createToBase } from '../../../src/features/baseCurrency.ts'
import { nothingLags } from '../../../src/features/degraded.ts'
import { createHasher } from '../../../src/features/hashing.ts'
import { createMemoryHistories } from '../../../src/features/histories.memory.ts'
import { createKeys } from '../../../src/features/keys.ts'
import { createDecisionCodec } from '../../../src/stream/codec/decision.ts'
import { createPaymentDecoder } from '../../../src/stream/codec/paymentDecoder.ts'
import type { Schemas } from '../../../src/stream/codec/schemas.ts'
import { createAhead } from '../../../src/stream/ahead.ts'
import { createEarlierAnswers } from '../../../src/stream/earlierAnswers.ts'
import { createFlow, type Outbound, type Positions } from '../../../src/stream/flow.ts'
import { createTogether } from '../../../src/stream/together.ts'
import type { Written, World } from './world.ts'

export type Mode = 'at-least-once' | 'exactly-once'

export type InstanceOptions = {
  readonly world: World
  readonly engine: Engine
  readonly schemas: Schemas
  readonly mode: Mode
  readonly batchMax: number
  /** Each step of every port waits for it; where it never resolves the instance has stopped for ever. */
  readonly step: (what: string) => Promise<void>
  /** Whether the journal answers the n-th call. */
  readonly journalAnswers: (call: number) => boolean
}

const deadlineMs = 86_400_000
/** Of `decisions` in one read: several, so that reading takes several steps. */
const readAtOnce = 2
/** Micro-batches that may wait for a transaction. */
const aheadMax = 3

/**
 * An instance from its taking the partition over to the end of `payments`: the real stages in the order in which the
 * consumer calls them, with ports in memory. What a port does happens at once, between two waits: a request may be lost
 * before it arrives, and its answer on the way back.
 */
export const runInstance = async (options: InstanceOptions): Promise<void> => {
  const { world, step, mode } = options
  const hasher = createHasher(Buffer.alloc(16, 7))
  const decisions = createDecisionCodec(options.schemas)

  const asked = async <T>(what: string, effect: () => T | Promise<T>): Promise<T> => {
    await step(`${what}: request`)
    const result = await effect()
    await step(`${what}: answer`)
    return result
  }

  let calls = 0
  const journal: Journal = {
    first: async (entries) => {
      const answers = options.journalAnswers(calls++)
      return asked('journal', () =>
        answers ? world.journal.first(entries) : entries.map(() => ({ kind: 'unknown' as const })),
      )
    },
  }

  const histories = createMemoryHistories({
    keys: createKeys(hasher),
    toBase: createToBase({ currency: 'EUR', rates: [] }),
    deviceState: () => null,
  })

  const me = await asked('take over', () => (world.owners += 1))
  const isNewest = (): boolean => world.owners === me

  const earlier = createEarlierAnswers({
    begin: () => asked('ends', () => ({ from: world.committed.position ?? 0, end: world.decisions.length })),
    read: (_partition, from) =>
      asked('read decisions', () => {
        const some = world.decisions.slice(from, from + readAtOnce)
        return {
          published: some.map((each, i) => ({ ...each, position: from + i })),
          next: from + Math.max(1, some.length),
        }
      }),
  })

  let isLost = false
  const write = (written: readonly Written[]): Positions => {
    world.decisions.push(...written)
    return written.length === 0 ? new Map() : new Map([[0, String(world.decisions.length)]])
  }
  const writtenOf = ({ answers }: Outbound): readonly Written[] =>
    answers.map(({ source, bytes }) => ({ sourceOffset: source.offset, bytes }))
  const passed = (offset: number, positions: Positions): void => {
    const position = earlier.passed(0, offset, positions.get(0))
    world.committed = { offset, position: position === null ? null : Number(position) }
  }
  let next = await asked('committed?', () => world.committed.offset)

  const transaction = createTogether((outbounds: readonly Outbound[]) =>
    asked('transaction', () => {
      // Answers and offset are one: all of it or nothing. Who was fenced writes nothing.
      if (!isNewest()) {
        isLost = true
        return new Map()
      }
      const positions = write(outbounds.flatMap(writtenOf))
      passed(Math.max(...outbounds.map(lastOf)) + 1, positions)
      return positions
    }),
  )
  const publish = (outbound: Outbound): Promise<Positions> =>
    mode === 'at-least-once' ? asked('publish', () => write(writtenOf(outbound))) : transaction(outbound)

  const flow = createFlow(
    composeStages({
      engine: () => options.engine,
      decode: createPaymentDecoder({
        schemas: options.schemas,
        maxBytes: 65_536,
        maxFutureMs: deadlineMs,
        now: world.now,
        hashContent: hasher.hashContent,
      }),
      decisions,
      histories: {
        ...histories,
        remember: (batch) => asked('histories', () => histories.remember(batch)),
      },
      lagging: () => nothingLags,
      journal,
      published: earlier.of,
      publish,
      now: world.now,
      deadlineMs,
      validityMs: 300_000,
      feedbackKey: Buffer.alloc(32, 9),
      observeJournal: () => undefined,
    }),
    () => 0,
    () => undefined,
  )

  const ahead = createAhead({
    flow,
    max: mode === 'at-least-once' ? 1 : aheadMax,
    settle: async (records, published) => {
      const positions = await published
      const next = (records.at(-1)?.offset ?? NaN) + 1
      // The broker refuses the commit of a member of an earlier generation.
      if (mode === 'at-least-once')
        await asked('commit', () => {
          if (isNewest()) passed(next, positions)
          else isLost = true
        })
      return !isLost
    },
  })
  for (; next < world.payments.length; next += options.batchMax) {
    const records = world.payments.slice(next, next + options.batchMax)
    await earlier.until(records)
    if (!(await ahead.begin(records))) return
  }
  await ahead.settleAll()
}

const lastOf = ({ settled, refused }: Outbound): number =>
  Math.max(
    ...settled.map(({ assessed }) => assessed.source.offset),
    ...refused.map(({ source }) => source.offset),
  )
