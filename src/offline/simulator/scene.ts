import { createCalendar, type Calendar } from './calendar.ts'
import { createNames, type Names } from './names.ts'
import { createPeople, type Person } from './people.ts'
import { createRng, type Rng } from './rng.ts'
import { createUnderworld, type Underworld } from './underworld.ts'
import type { World } from './world.ts'

/** One run of a world: what habits and scenarios draw from, and where they note what happens. */
export type Scene = {
  readonly world: World
  readonly rng: Rng
  readonly names: Names
  readonly people: readonly Person[]
  readonly calendar: Calendar
  readonly underworld: Underworld
}

export const createScene = (world: World): Scene => {
  const { seed, accounts, startAt, paymentsPerDay, idPrefix } = world.options
  // Another stream than the markets' own, which starts at the seed itself.
  const rng = createRng(seed).fork()
  const names = createNames(idPrefix)
  const people = createPeople(rng, { accounts, startAt, paymentsPerDay, names, markets: world.markets })
  return { world, rng, names, people, calendar: createCalendar(startAt), underworld: createUnderworld() }
}
