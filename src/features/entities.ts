import { entityTypes } from '../domain/entity.ts'
import type { EntityKey } from './entityKey.ts'

/** Entities by type and token, with what is held of them; what was not met for longest goes first. */
export type Entities = {
  find(slot: number, token: string): EntityKey | undefined
  add(slot: number, token: string, entity: EntityKey): void
  /** Something that is held of an entity takes this much more memory (less, if negative); bytes. */
  grew(bytes: number): void
  /** Memory that all of it takes, roughly. */
  readonly bytes: number
}

/** Token, key, map entry and object of one entity; measured as heap. */
const entityBytes = 300

type Generation = { readonly bySlot: readonly Map<string, EntityKey>[]; bytes: number }

const createGeneration = (): Generation => ({ bySlot: entityTypes.map(() => new Map()), bytes: 0 })

/**
 * Two generations, of which the older one is dropped when the younger one is full: a look-up costs one or two map
 * reads, and there are no lists and no time stamps.
 * @param maxBytes of both generations together
 */
export const createEntities = (maxBytes: number): Entities => {
  let young = createGeneration()
  let old = createGeneration()

  const add = (slot: number, token: string, entity: EntityKey): void => {
    if (young.bytes > maxBytes / 2) {
      old = young
      young = createGeneration()
    }
    young.bySlot[slot]?.set(token, entity)
    young.bytes += entityBytes + (entity.copy?.bytes ?? 0)
  }

  return {
    find: (slot, token) => {
      const found = young.bySlot[slot]?.get(token)
      if (found !== undefined) return found
      const older = old.bySlot[slot]?.get(token)
      if (older === undefined) return undefined
      old.bySlot[slot]?.delete(token)
      old.bytes -= entityBytes + (older.copy?.bytes ?? 0)
      add(slot, token, older)
      return older
    },
    add,
    grew: (bytes) => {
      young.bytes += bytes
    },
    get bytes() {
      return young.bytes + old.bytes
    },
  }
}
