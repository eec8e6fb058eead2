import type { Engine } from '../../compose/engine.ts'
import type { Assessed } from '../../domain/decision.ts'
import type { Payment } from '../../domain/payment.ts'
import type { Received } from '../../domain/received.ts'
import { nothingLags } from '../../features/degraded.ts'
import type { DeviceStates } from '../../features/deviceStates.ts'
import type { Histories } from '../../features/histories.ts'
import type { ReplayClock } from '../replay/replay.ts'
import type { SimEvent, Truth } from '../simulator/simEvent.ts'

export type BacktestDeps = {
  readonly engine: Engine
  readonly histories: Histories
  readonly devices: DeviceStates
  readonly clock: ReplayClock
  /** 16 hexadecimal digits. */
  readonly contentHash: (payment: Payment) => string
  /** Before this (epoch ms) everything is allowed and nothing is reported: histories fill. */
  readonly reportFrom: number
}

/** A payment as the engine decides it, beside what it really was. */
export type Backtested = { readonly assessed: Assessed; readonly truth: Truth }

type Waiting = { readonly received: Received; readonly truth: Truth }

const batchMax = 64

/**
 * Decides past payments by the engine that decides live ones, each as of its own time, in micro-batches of at most 64.
 * A STEP_UP counts as not passed. Yields the payments from `reportFrom` on, in the order of the events.
 */
export async function* backtest(
  deps: BacktestDeps,
  events: Iterable<SimEvent>,
): AsyncGenerator<Backtested, void, undefined> {
  const { engine, histories, devices, clock, contentHash, reportFrom } = deps
  let waiting: Waiting[] = []
  let offset = 0

  const decide = async (): Promise<readonly Backtested[]> => {
    const batch = waiting
    waiting = []
    const recalled = await histories.remember(batch.map(({ received }) => received))
    const assessed = engine
      .score(recalled.map((each) => engine.enrich(each, false, nothingLags)))
      .map((scored) => engine.assess(scored))
    await histories.conclude(
      assessed.map((each) => ({
        received: each,
        outcome: each.effectiveAt < reportFrom ? 'ALLOW' : each.outcome,
      })),
    )
    return assessed.flatMap((each, i) => {
      const truth = batch[i]?.truth
      return truth === undefined || each.effectiveAt < reportFrom ? [] : [{ assessed: each, truth }]
    })
  }

  for (const event of events) {
    if (event.kind === 'deviceHealth') {
      // A report is seen by the payments after it and by none before it.
      if (waiting.length > 0) yield* await decide()
      await devices.apply([event.report])
    }
    if (event.kind !== 'payment') continue
    const { payment, truth } = event
    clock.at = payment.occurredAt
    waiting.push({
      truth,
      received: {
        payment,
        source: {
          topic: 'payments',
          partition: 0,
          offset: offset++,
          timestamp: payment.occurredAt,
          headers: {},
        },
        effectiveAt: payment.occurredAt,
        contentHash: contentHash(payment),
        enteredAt: 0,
      },
    })
    if (waiting.length === batchMax) yield* await decide()
  }
  if (waiting.length > 0) yield* await decide()
}
