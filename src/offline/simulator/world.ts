import type { SimEvent } from './simEvent.ts'
import { checkWorldOptions, type CheckedWorldOptions, type WorldOptions } from './worldOptions.ts'

export type World = { readonly options: CheckedWorldOptions }

/** The fixed part of a simulated world: people, devices, payees, merchants. @throws SluiceError USAGE */
export const createWorld = (options: WorldOptions): World => ({ options: checkWorldOptions(options) })

export type EventsOptions = {
  /** Nothing happens at or after this instant; default: the world goes on for ever. */
  readonly untilAt?: number
  /** With `untilAt`: also yield the feedback on earlier payments that becomes known after it. Default false. */
  readonly laterFeedback?: boolean
}

/** What happens in the world, in time order; each call starts anew and gives the same events. */
export declare function events(world: World, options?: EventsOptions): Generator<SimEvent>
