import type { Payment } from '../../domain/payment.ts'
import { seedPast, type SeedDeps, type Seeded } from '../seed.ts'
import { events } from '../simulator/events.ts'
import type { SimEvent } from '../simulator/simEvent.ts'
import type { World } from '../simulator/world.ts'
import { createWindow, pastOf } from './window.ts'

export type Past = Seeded & {
  /** The last payments of the world with all that leads up to them: they are still to be sent. */
  readonly toCome: readonly SimEvent[]
}

export type PastOptions = {
  readonly world: World
  /** Where the world ends, epoch ms. */
  readonly untilAt: number
  /** How many payments are left to be sent. */
  readonly payments: number
}

/** Lets the world run and remembers its past, all but the last payments of it. */
export const livePast = async (
  { world, untilAt, payments }: PastOptions,
  deps: SeedDeps & { readonly contentHash: (payment: Payment) => string },
): Promise<Past> => {
  const window = createWindow(payments)
  const seeded = await seedPast(pastOf(events(world, { untilAt }), window), deps)
  return { ...seeded, toCome: window.toCome() }
}
