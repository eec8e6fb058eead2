import { holdCollections } from './collections.ts'
import { liveDay } from './dailyLife.ts'
import { createScene } from './scene.ts'
import { planCrimes } from './scenarios/crime.ts'
import type { SimEvent } from './simEvent.ts'
import type { World } from './world.ts'

export type EventsOptions = {
  /** Nothing happens at or after this instant; default: the world goes on for ever. */
  readonly untilAt?: number
  /** With `untilAt`: also yield the feedback on earlier payments that becomes known after it. Default false. */
  readonly laterFeedback?: boolean
}

/**
 * What happens in the world, in time order. Made day by day, so a long run needs little memory.
 * Each call starts anew and gives the same events; a longer run begins with the events of a shorter one.
 */
export function* events(world: World, options: EventsOptions = {}): Generator<SimEvent, void, undefined> {
  const { untilAt = Number.POSITIVE_INFINITY, laterFeedback = false } = options
  const scene = createScene(world)
  const { calendar } = scene
  const happens = (event: SimEvent): boolean =>
    event.at < untilAt || (laterFeedback && event.kind === 'feedback' && event.feedback.occurredAt < untilAt)
  while (calendar.dayAt() < untilAt) {
    planCrimes(scene)
    holdCollections(scene)
    for (const person of scene.people) liveDay(scene, person)
    for (const event of calendar.takeDay()) if (happens(event)) yield event
  }
  while (laterFeedback && !calendar.isEmpty())
    for (const event of calendar.takeDay()) if (happens(event)) yield event
}
